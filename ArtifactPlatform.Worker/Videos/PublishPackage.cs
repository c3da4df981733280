using System.Security.Cryptography;
using System.Text.Json;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Videos;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Videos;

/// <summary>Another run has taken the video over, or it was deleted: there is nothing left to do here.</summary>
public sealed class SupersededException : Exception;

/// <summary>Stores a folder as a package under a new prefix, and lets the video play it.</summary>
public sealed partial class PublishPackage(IDbContextFactory<PlatformDb> databases, VideoLog log, ObjectStore store, TimeProvider clock, ILogger<PublishPackage> logger)
{
    /// <summary>Files on their way at once.</summary>
    private const int Parallelism = 4;

    /// <summary>Tries to remove a replaced package, for hours if need be.</summary>
    private const int DeleteAttempts = 20;

    private const int NameBytes = 6;

    private static readonly TimeSpan CleanUpTimeout = TimeSpan.FromSeconds(30);

    /// <summary>What plays until the ladder is complete.</summary>
    /// <returns>The package's name.</returns>
    public Task<string> PreviewAsync(Video video, VideoPackage package, string folder, CancellationToken ct) =>
        SwitchAsync(video, package, folder, VideoStatus.Preparing, EventTypes.VideoProgress, ct);

    /// <summary>All that there is to make.</summary>
    public Task<string> CompleteAsync(Video video, VideoPackage package, string folder, CancellationToken ct) =>
        SwitchAsync(video, package, folder, VideoStatus.Ready, EventTypes.VideoReady, ct);

    public Task AddFileAsync(Video video, string name, string path, CancellationToken ct) =>
        store.WriteFileAsync(ObjectKeys.PackageFile(video.Id, name, Path.GetFileName(path)), path, ContentTypeOf(path), ct);

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

    private async Task<string> SwitchAsync(Video video, VideoPackage package, string folder, VideoStatus status, string eventType, CancellationToken ct)
    {
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes));
        var switched = false;
        try
        {
            await StoreAsync(video, name, package, folder, ct);
            switched = await PlayAsync(video, name, package, File.Exists(Path.Combine(folder, PackageFiles.Waveform)), status, eventType, ct);
            return switched ? name : throw new SupersededException();
        }
        finally
        {
            if (!switched)
            {
                await ForgetAsync(video, name);
            }
        }
    }

    /// <summary>The record last: where it stands, all that it names does.</summary>
    private async Task StoreAsync(Video video, string name, VideoPackage package, string folder, CancellationToken ct)
    {
        await Parallel.ForEachAsync(
            Directory.EnumerateFiles(folder),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct },
            async (path, token) => await AddFileAsync(video, name, path, token));
        await store.WriteTextAsync(ObjectKeys.PackageFile(video.Id, name, VideoPackage.FileName), JsonSerializer.Serialize(package, ContractJson.Options), "application/json", ct);
    }

    private async Task<bool> PlayAsync(Video video, string name, VideoPackage package, bool hasWaveform, VideoStatus status, string eventType, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var summary = new PackageSummary(
            [.. package.Video.Select(v => new RungSummary(v.Rung, v.Width, v.Height, v.TargetKbps, v.Mp4File is not null))], package.Storyboard is not null, hasWaveform);
        await using var db = await databases.CreateDbContextAsync(ct);
        var replaced = await db.Videos.Where(v => v.Id == video.Id && v.CompanyId == video.CompanyId).Select(v => v.Package).SingleOrDefaultAsync(ct);
        var changed = await log.ChangeAsync(
            video.CompanyId,
            video.Id,
            v => v.TranscodeAttempts == video.TranscodeAttempts && (v.Status == VideoStatus.Preparing || v.Status == VideoStatus.Reprocessing),
            set =>
            {
                set.SetProperty(v => v.Package, name)
                    .SetProperty(v => v.Renditions, summary)
                    .SetProperty(v => v.DurationSeconds, package.Duration)
                    .SetProperty(v => v.PlayableAt, v => v.PlayableAt ?? now)
                    .SetProperty(v => v.UpdatedAt, now);
                if (status == VideoStatus.Ready)
                {
                    set.SetProperty(v => v.Status, VideoStatus.Ready).SetProperty(v => v.Progress, 100).SetProperty(v => v.ReadyAt, now);
                }
            },
            eventType,
            ct,
            (inside, _) =>
            {
                if (replaced is not null)
                {
                    inside.Add(new Job(JobKinds.DeletePackage, $"{video.Id}/{replaced}", video.CompanyId, DeleteAttempts, now, VideoLimits.OldPackageGrace));
                }

                return Task.CompletedTask;
            });
        return changed is not null;
    }

    private async Task ForgetAsync(Video video, string name)
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

    private static string ContentTypeOf(string path) => Path.GetExtension(path) switch
    {
        ".mp4" => "video/mp4",
        ".jpg" => "image/jpeg",
        ".json" => "application/json",
        _ => "application/octet-stream",
    };

    [LoggerMessage(LogLevel.Warning, "Package {Package} of video {VideoId} was not removed")]
    private static partial void LogNotRemoved(ILogger logger, Exception exception, string videoId, string package);
}
