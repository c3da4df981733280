using System.Net;
using System.Text;
using System.Text.Json;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;

namespace ArtifactPlatform.Tests.Unit.Events;

public sealed class StreamEventsTests
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_are_read_across_comments_line_ends_and_connections()
    {
        using var server = new ScriptedServer(
            $": hello\n\nid: e1\nevent: artifact.created\ndata: {Json("e1")}\n\n:\n\n",
            $"event: artifact.progress\r\ndata:{Json("e2")}\r\nretry: 5\r\n\r\n",
            // Split over lines, which is one message by the standard; then cut off in the middle.
            $"data: {Json("e3").Replace(",", ",\ndata: ", StringComparison.Ordinal)}\n\ndata: {Json("e4")[..20]}",
            "data: no JSON\n\n",
            $"data: {Json("e4")}\n\n");
        using var http = new HttpClient(server) { BaseAddress = new Uri("http://api") };

        var read = await new PlatformClient(http, "token").StreamEventsAsync("e0", ct).Take(4).Select(e => e.Id).ToListAsync(ct);

        Assert.Equal(["e1", "e2", "e3", "e4"], read);
        Assert.Equal(["e0", "e1", "e2", "e3", "e3"], server.Positions);
    }

    [Fact]
    public async Task A_caller_that_cancels_ends_the_stream()
    {
        using var server = new ScriptedServer($"data: {Json("e1")}\n\n");
        using var http = new HttpClient(server) { BaseAddress = new Uri("http://api") };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in new PlatformClient(http, "token").StreamEventsAsync(null, stop.Token))
            {
                await stop.CancelAsync();
            }
        });
    }

    private static string Json(string id) => JsonSerializer.Serialize(
        new PlatformEvent { Id = id, Type = EventTypes.ArtifactCreated, CreatedAt = DateTimeOffset.UnixEpoch, CompanyId = "c", Data = new EventData(JsonSerializer.SerializeToElement(new { id = "a" })) },
        ContractJson.Options);

    /// <summary>Answers each connection with the next text, then ends it.</summary>
    private sealed class ScriptedServer(params string[] answers) : HttpMessageHandler
    {
        public List<string> Positions { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Positions.AddRange(request.Headers.TryGetValues("Last-Event-ID", out var ids) ? ids : []);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(answers[Math.Min(Positions.Count, answers.Length) - (Positions.Count > 0 ? 1 : 0)])) });
        }
    }
}
