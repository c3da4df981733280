using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Bench;

/// <summary>The worker's memory while it takes a large file in, beside its memory when idle.</summary>
public static class IngestMemory
{
    private const double LimitOverIdleMegabytes = 150;

    private static readonly TimeSpan RestartTimeout = TimeSpan.FromMinutes(1);

    public static async Task<BenchResult> RunAsync(Stand stand)
    {
        // A worker that has done nothing yet: what it has learned to hold on to counts, too.
        using var timeout = new CancellationTokenSource(RestartTimeout);
        await stand.Platform.StopResourceAsync("worker");
        await stand.Platform.StartResourceAsync("worker", timeout.Token);
        var pid = stand.Platform.GetProcessId("worker");
        var (idle, peak) = (ProcessMemory.ResidentMegabytes(pid), 0.0);
        var created = await stand.Client.CreateArtifactAsync(new() { Name = "large.wav", Type = ArtifactType.Audio, Url = stand.LargeFile }, CancellationToken.None);
        var ending = StartLatency.EndAsync(stand, created.Id);
        while (!ending.IsCompleted)
        {
            peak = Math.Max(peak, ProcessMemory.ResidentMegabytes(pid));
            await Task.Delay(50);
        }

        var done = await ending;
        await stand.Client.DeleteArtifactAsync(done.Id, CancellationToken.None);
        return new BenchResult("worker's memory during 512 MiB from a URL", peak, idle, "MB", "idle, just started", "≤ 150 MB over idle", peak - idle <= LimitOverIdleMegabytes);
    }
}
