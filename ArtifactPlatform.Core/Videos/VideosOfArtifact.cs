using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Videos;

/// <summary>Tells the videos that wait for an artifact how it ended, in the transaction that ends it.</summary>
public sealed class VideosOfArtifact(VideoLog log, TimeProvider clock)
{
    /// <summary>Queues the processing of every video that waits for the artifact. The jobs' rows are enough: the sweeper sends what the caller does not.</summary>
    /// <returns>The new jobs.</returns>
    public async Task<List<Job>> StartAsync(PlatformDb db, string companyId, string artifactId, CancellationToken ct)
    {
        var waiting = await WaitingAsync(db, companyId, artifactId, ct);
        var now = clock.GetUtcNow();
        var jobs = waiting.ConvertAll(id => new Job(JobKinds.ProcessVideo, id, companyId, VideoLimits.MaxAttempts, now));
        db.AddRange(jobs);
        return jobs;
    }

    /// <summary>Fails every video that waits for the artifact.</summary>
    public async Task FailAsync(PlatformDb db, string companyId, string artifactId, string code, string reason, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        List<VideoError> errors = [new VideoError(code, [reason])];
        foreach (var id in await WaitingAsync(db, companyId, artifactId, ct))
        {
            await db.Videos.Where(v => v.Id == id && v.CompanyId == companyId).ExecuteUpdateAsync(
                set => set.SetProperty(v => v.Status, VideoStatus.Errored).SetProperty(v => v.Errors, errors).SetProperty(v => v.UpdatedAt, now),
                ct);
            await log.AppendAsync(db, companyId, id, EventTypes.VideoErrored, ct);
        }
    }

    /// <summary>Those that wait, and do so no longer.</summary>
    private static async Task<List<string>> WaitingAsync(PlatformDb db, string companyId, string artifactId, CancellationToken ct)
    {
        var waiting = db.Videos.Where(v => v.ArtifactId == artifactId && v.CompanyId == companyId && v.AwaitsArtifact && v.Status == VideoStatus.Preparing);
        var ids = await waiting.Select(v => v.Id).ToListAsync(ct);
        if (ids.Count > 0)
        {
            await waiting.ExecuteUpdateAsync(set => set.SetProperty(v => v.AwaitsArtifact, false), ct);
        }

        return ids;
    }
}

/// <summary>Limits of making videos that more than one process keeps.</summary>
public static class VideoLimits
{
    /// <summary>Tries of one run before it is given up.</summary>
    public const int MaxAttempts = 4;

    /// <summary>The file of an upload is checked and hashed this long after its video's work was queued: until then the processor is needed to make it playable.</summary>
    public static readonly TimeSpan CheckAfter = TimeSpan.FromSeconds(3);

    /// <summary>A replaced package stays for those who play it: their manifests' addresses live for about as long.</summary>
    public static readonly TimeSpan OldPackageGrace = TimeSpan.FromHours(6);

    /// <summary>Playback ids of one video; as many captions.</summary>
    public const int MaxPerVideo = 20;
}
