using System.Diagnostics;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Tests;

/// <summary>Waits for conditions instead of sleeping.</summary>
public static class Eventually
{
    /// <summary>Each question costs the platform time that the awaited work needs too: the longer a wait, the rarer they are.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private const double PauseShare = 0.1;

    /// <summary>How long a test waits for what must happen. Long: two cores run everything, and only a failing test waits to the end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Asks until the answer is not null.</summary>
    /// <param name="what">For the message when the time is up.</param>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask, Func<string> what, TimeSpan? timeout = null) where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (watch.Elapsed > (timeout ?? Patience))
            {
                throw new TimeoutException($"Waited {watch.Elapsed.TotalSeconds:0} s for: {what()}");
            }

            await Task.Delay(TimeSpan.FromTicks(Math.Clamp((long)(watch.Elapsed.Ticks * PauseShare), ShortestPause.Ticks, LongestPause.Ticks)));
        }
    }

    public static Task TrueAsync(Func<Task<bool>> ask, Func<string> what, TimeSpan? timeout = null) =>
        GetAsync(async () => await ask() ? "yes" : null, what, timeout);

    /// <summary>Waits until so many objects stand below a prefix of the platform's bucket.</summary>
    public static async Task ObjectCountAsync(this Platform platform, string prefix, int count)
    {
        IReadOnlyList<string> last = [];
        await TrueAsync(async () => (last = await platform.ObjectsAsync(prefix)).Count == count, () => $"{count} objects below {prefix}; there are {string.Join(", ", last)}");
    }

    /// <summary>Waits until the artifact has ended, well or badly.</summary>
    public static Task<ArtifactObject> EndedAsync(this TestCompany company, string artifactId, TimeSpan? timeout = null)
    {
        ArtifactObject? last = null;
        return GetAsync(
            async () =>
            {
                last = await company.Client.GetArtifactAsync(artifactId, CancellationToken.None);
                return last.Status is ArtifactStatus.UploadCompleted or ArtifactStatus.UploadFailed ? last : null;
            },
            () => $"artifact {artifactId} to end; it is {last?.Status} at {last?.Progress} %\n{company.Platform.LogsAbout(artifactId)}",
            timeout);
    }

    /// <summary>Waits until the artifact has ended, and fails the test unless it ended well.</summary>
    public static async Task<ArtifactObject> CompletedAsync(this TestCompany company, string artifactId, TimeSpan? timeout = null)
    {
        var artifact = await company.EndedAsync(artifactId, timeout);
        Assert.True(artifact.Status == ArtifactStatus.UploadCompleted, $"{artifact.ErrorCode}: {artifact.ErrorMessage}\n{company.Platform.LogsAbout(artifactId)}");
        return artifact;
    }

    /// <summary>Waits until the artifact has ended, and fails the test unless it failed with that code.</summary>
    public static async Task<ArtifactObject> FailedAsync(this TestCompany company, string artifactId, string errorCode, TimeSpan? timeout = null)
    {
        var artifact = await company.EndedAsync(artifactId, timeout);
        Assert.True(artifact.Status == ArtifactStatus.UploadFailed, $"It completed: {artifact}");
        Assert.True(artifact.ErrorCode == errorCode, $"{artifact.ErrorCode} instead of {errorCode}: {artifact.ErrorMessage}\n{company.Platform.LogsAbout(artifactId)}");
        Assert.False(string.IsNullOrWhiteSpace(artifact.ErrorMessage));
        return artifact;
    }
}
