using System.Diagnostics;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Bench;

/// <summary>Fetching a large file from a URL into the store, beside reading the same address and throwing the bytes away while hashing them.</summary>
public static class UrlThroughput
{
    public static async Task<BenchResult> RunAsync(Stand stand)
    {
        var bare = await ReadAsync(stand.LargeFile);
        var created = await stand.Client.CreateArtifactAsync(new() { Name = "large.wav", Type = ArtifactType.Audio, Url = stand.LargeFile }, CancellationToken.None);
        var done = await StartLatency.EndAsync(stand, created.Id);
        var fetched = done.Timings.Fetched ?? throw new InvalidOperationException($"Artifact {done.Id} failed: {done.ErrorMessage}");
        await stand.Client.DeleteArtifactAsync(done.Id, CancellationToken.None);
        return new BenchResult("512 MiB from a URL into the store", fetched / 1000.0, bare.TotalSeconds, "s", "read and SHA-256", "reported", true);
    }

    private static async Task<TimeSpan> ReadAsync(string url)
    {
        using var client = new HttpClient();
        var watch = Stopwatch.StartNew();
        await using var stream = await client.GetStreamAsync(new Uri(url));
        await System.Security.Cryptography.SHA256.HashDataAsync(stream);
        return watch.Elapsed;
    }
}
