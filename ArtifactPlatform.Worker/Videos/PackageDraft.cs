using System.Security.Cryptography;
using System.Text.Json;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Core.Videos;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Videos;

/// <summary>Another run has taken the video over, or it was deleted: there is nothing left to do here.</summary>
public sealed class SupersededException : Exception;

/// <summary>
/// A package on its way into the store, under a prefix of its own: its files as they are made, then its record, then the switch by which
/// the video plays it. Disposed before the switch, it leaves nothing.
/// </summary>
public sealed class PackageDraft(Video video, string folder, IDbContextFactory<PlatformDb> databases, VideoLog log, ObjectStore store, PublishPackage publish, Quota quota, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Files on their way at once.</summary>
    private const int Parallelism = 4;

    /// <summary>Tries to remove a replaced package, for hours if need be.</summary>
    private const int DeleteAttempts = 20;

    private const int NameBytes = 6;

    private readonly string name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes));
    private bool plays;

    /// <summary>Stores files of the folder, before the switch or after it.</summary>
    public Task AddAsync(IEnumerable<string> files, CancellationToken ct) => Parallel.ForEachAsync(
        files,
        new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct },
        async (file, token) => await store.WriteFileAsync(ObjectKeys.PackageFile(video.Id, name, file), Path.Combine(folder, file), ContentTypeOf(file), token));

    /// <summary>Lets the video play it. The record goes last: where it stands, all that it names does.</summary>
    /// <param name="package">All files that it names are stored.</param>
    /// <param name="status"><see cref="VideoStatus.Ready"/> when this is all that there is to make.</param>
    /// <exception cref="SupersededException">The video is no longer this run's.</exception>
    public async Task PlayAsync(VideoPackage package, VideoStatus status, CancellationToken ct)
    {
        await store.WriteTextAsync(ObjectKeys.PackageFile(video.Id, name, VideoPackage.FileName), JsonSerializer.Serialize(package, ContractJson.Options), "application/json", ct);
        plays = await SwitchAsync(package, status, ct);
        if (!plays)
        {
            throw new SupersededException();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!plays)
        {
            await publish.ForgetAsync(video, name);
        }
    }

    private async Task<bool> SwitchAsync(VideoPackage package, VideoStatus status, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var summary = new PackageSummary(
            [.. package.Video.Select(v => new RungSummary(v.Rung, v.Width, v.Height, v.TargetKbps, v.Mp4File is not null))],
            package.Storyboard is not null,
            File.Exists(Path.Combine(folder, PackageFiles.Waveform)));
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
            status == VideoStatus.Ready ? EventTypes.VideoReady : EventTypes.VideoProgress,
            ct,
            async (inside, token) =>
            {
                if (replaced is not null)
                {
                    inside.Add(new Job(JobKinds.DeletePackage, $"{video.Id}/{replaced}", video.CompanyId, DeleteAttempts, now, VideoLimits.OldPackageGrace));
                }

                if (status == VideoStatus.Ready)
                {
                    await quota.SettleAsync(inside, UsageKind.EncodeTime, video.CompanyId, Video.RunId(video.Id, video.Run), UsageKinds.Milliseconds(package.Duration), token);
                }
            });
        return changed is not null;
    }

    private static string ContentTypeOf(string path) => Path.GetExtension(path) switch
    {
        ".mp4" => "video/mp4",
        ".jpg" => "image/jpeg",
        ".json" => "application/json",
        _ => "application/octet-stream",
    };
}
