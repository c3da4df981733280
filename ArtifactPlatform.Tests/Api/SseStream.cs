using System.Net;
using System.Text.Json;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>One message of an event stream, as it came over the wire.</summary>
public sealed record SseMessage(string Id, string Event, PlatformEvent Data);

/// <summary>Reads an event stream line by line, as the Api sends it.</summary>
public sealed class SseStream : IDisposable
{
    private readonly HttpClient http;
    private readonly HttpResponseMessage response;
    private readonly StreamReader reader;

    private SseStream(HttpClient http, HttpResponseMessage response, Stream body)
    {
        this.http = http;
        this.response = response;
        reader = new StreamReader(body);
    }

    public static async Task<SseStream> OpenAsync(HttpClient http, string path, string? lastEventId, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var stream = new SseStream(http, response, await response.Content.ReadAsStreamAsync(ct));
        Assert.StartsWith("retry: ", await stream.reader.ReadLineAsync(ct), StringComparison.Ordinal);
        Assert.Equal("", await stream.reader.ReadLineAsync(ct));
        return stream;
    }

    /// <summary>The next message; null when the stream has ended.</summary>
    public async Task<SseMessage?> NextAsync(CancellationToken ct)
    {
        var fields = new Dictionary<string, string>();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(Eventually.Patience);
        while (await reader.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.Length == 0 && fields.Count > 0)
            {
                var data = JsonSerializer.Deserialize<PlatformEvent>(fields["data"], ContractJson.Options);
                return new SseMessage(fields["id"], fields["event"], data!);
            }

            if (line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon)
            {
                fields[line[..colon]] = line[(colon + 2)..];
            }
        }

        return null;
    }

    public async Task<List<SseMessage>> TakeAsync(int count, CancellationToken ct)
    {
        var messages = new List<SseMessage>();
        while (messages.Count < count && await NextAsync(ct) is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Reads heartbeats; false when the stream ends, or says something else, before so many have come.</summary>
    public async Task<bool> BeatsAsync(int count, CancellationToken ct)
    {
        for (var beats = 0; beats < count; beats++)
        {
            if (await reader.ReadLineAsync(ct) is not ":" || await reader.ReadLineAsync(ct) is not "")
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
        http.Dispose();
    }
}
