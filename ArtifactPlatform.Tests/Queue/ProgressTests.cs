using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Tests.Ingest;

namespace ArtifactPlatform.Tests.Queue;

/// <summary>Progress is told often enough to be live, and seldom enough to cost nothing.</summary>
public sealed class ProgressTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private static readonly TimeSpan HalfASecond = TimeSpan.FromSeconds(0.5);

    /// <summary>A timer counts in whole milliseconds, and may round.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(5);

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_artifact_tells_of_its_progress_at_most_twice_a_second()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var content = WavFile.Of(WavFile.HeaderBytes + 192_000);
        // Thirty pieces over three seconds: fifteen times as many changes as may be told.
        var url = server.Add(
            async (context, _) =>
            {
                context.Response.ContentLength = content.Length;
                foreach (var piece in content.Chunk((content.Length / 30) + 1))
                {
                    await context.Response.Body.WriteAsync(piece);
                    await context.Response.Body.FlushAsync();
                    await Task.Delay(100);
                }
            },
            ".wav");

        var artifact = await company.Client.CreateArtifactAsync(new() { Name = "slow.wav", Type = ArtifactType.Audio, Url = url }, ct);
        await company.CompletedAsync(artifact.Id);
        var told = (await company.Client.ListEventsAsync(null, [EventTypes.ArtifactProgress], null, ct)).Data;

        Assert.True(told.Count >= 2, $"{told.Count} progress events\n{platform.LogsAbout(artifact.Id)}");
        Assert.All(told.Zip(told.Skip(1), (a, b) => b.CreatedAt - a.CreatedAt), gap => Assert.True(gap >= HalfASecond - Tolerance, $"{gap.TotalMilliseconds} ms"));
        var percents = told.Select(e => e.Data.Object.GetProperty("progress").GetInt32()).ToList();
        Assert.Equal(percents.Distinct().Order(), percents);
    }
}
