using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Core.Videos;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Videos;

/// <summary>Begins packages of a video, and removes what earlier runs of it have left.</summary>
public sealed partial class PublishPackage(IDbContextFactory<PlatformDb> databases, VideoLog log, ObjectStore store, Quota quota, TimeProvider clock, ILogger<PublishPackage> logger)
{
    private static readonly TimeSpan CleanUpTimeout = TimeSpan.FromSeconds(30);

    /// <param name="folder">Where its files are made.</param>
    public PackageDraft Begin(Video video, string folder) => new(video, folder, databases, log, store, this, quota, clock);

    /// <summary>Removes what runs that died have left: everything that neither plays nor is kept for those who play it.</summary>
    public async Task RemoveLeftoversAsync(Video video, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var kept = await db.Jobs
            .Where(j => j.Kind == JobKinds.DeletePackage && j.SubjectId.StartsWith(video.Id + "/") && (j.Status == JobStatus.Queued || j.Status == JobStatus.Running))
            .Select(j => j.SubjectId.Substring(video.Id.Length + 1))
            .ToListAsync(ct);
        string[] prefixes = [ObjectKeys.CaptionsPrefix(video.Id), .. kept.Append(video.Package ?? "").Where(p => p.Length > 0).Select(p => ObjectKeys.PackagePrefix(video.Id, p))];
        await foreach (var key in store.ListAsync(ObjectKeys.VideoPrefix(video.Id), ct))
        {
            if (!prefixes.Any(p => key.StartsWith(p, StringComparison.Ordinal)))
            {
                await store.DeleteAsync(key, ct);
            }
        }
    }

    /// <summary>Deleting a video removes its objects, but a write that was under way may end after that.</summary>
    public async Task ForgetIfDeletedAsync(Video video)
    {
        using var timeout = new CancellationTokenSource(CleanUpTimeout, clock);
        try
        {
            await using var db = await databases.CreateDbContextAsync(timeout.Token);
            if (!await db.Videos.AnyAsync(v => v.Id == video.Id && v.CompanyId == video.CompanyId, timeout.Token))
            {
                await store.DeleteBelowAsync(ObjectKeys.VideoPrefix(video.Id), exceptKey: null, timeout.Token);
            }
        }
        catch (Exception e)
        {
            LogNotRemoved(logger, e, video.Id, "");
        }
    }

    /// <summary>Removes a package that nothing plays.</summary>
    internal async Task ForgetAsync(Video video, string name)
    {
        using var timeout = new CancellationTokenSource(CleanUpTimeout, clock);
        try
        {
            await store.DeleteBelowAsync(ObjectKeys.PackagePrefix(video.Id, name), exceptKey: null, timeout.Token);
        }
        catch (Exception e)
        {
            // The next run removes it, or the video's deletion.
            LogNotRemoved(logger, e, video.Id, name);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Package {Package} of video {VideoId} was not removed")]
    private static partial void LogNotRemoved(ILogger logger, Exception exception, string videoId, string package);
}
