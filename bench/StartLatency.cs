using System.Diagnostics;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Bench;

/// <summary>From <c>POST /artifacts</c> until the worker has begun, on an idle platform, beside one bare request to the Api.</summary>
public static class StartLatency
{
    private const int Rounds = 60;

    /// <summary>Rounds that only warm the platform up.</summary>
    private const int WarmUp = 15;

    public static async Task<BenchResult> RunAsync(Stand stand)
    {
        var (queued, bare) = (new List<double>(), new List<double>());
        for (var i = 0; i < WarmUp + Rounds; i++)
        {
            var created = await stand.Client.CreateArtifactAsync(new() { Name = "small.wav", Type = ArtifactType.Audio, Url = stand.SmallFile }, CancellationToken.None);
            var done = await EndAsync(stand, created.Id);
            var watch = Stopwatch.StartNew();
            await stand.Client.GetArtifactAsync(created.Id, CancellationToken.None);
            if (i >= WarmUp)
            {
                bare.Add(watch.Elapsed.TotalMilliseconds);
                queued.Add(done.Timings.Queued ?? throw new InvalidOperationException($"Artifact {done.Id} did not start: {done.ErrorMessage}"));
            }
        }

        var (p50, p95) = (Percentile(queued, 0.5), Percentile(queued, 0.95));
        return new BenchResult($"create → upload_started, p50 (p95 {p95:0} ms)", p50, Percentile(bare, 0.5), "ms", "one GET", "≤ 50 ms", p50 <= 50);
    }

    internal static async Task<ArtifactObject> EndAsync(Stand stand, string artifactId)
    {
        await foreach (var e in stand.Client.StreamArtifactEventsAsync(artifactId, null, CancellationToken.None))
        {
            if (e.Type is "artifact.upload_completed" or "artifact.upload_failed")
            {
                break;
            }
        }

        return await stand.Client.GetArtifactAsync(artifactId, CancellationToken.None);
    }

    private static double Percentile(List<double> values, double share) => values.Order().ElementAt((int)(share * (values.Count - 1)));
}
