using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Queue;
using ArtifactPlatform.Worker.Videos.Encoding;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Videos;

/// <summary>
/// Makes a video playable, then complete: a source that plays everywhere as it is gets packaged by copy at once, and the ladder follows.
/// Each package stands under a prefix of its own and is switched to in one compare-and-set on the attempt, so a run that was taken
/// for dead and comes back changes nothing.
/// </summary>
public sealed partial class ProcessVideo(
    IDbContextFactory<PlatformDb> databases,
    VideoLog log,
    ObjectStore store,
    InspectSource inspect,
    SourceFacts facts,
    PreviewVideo preview,
    PackageVideo package,
    FinishPackage finish,
    PublishPackage publish,
    Scratch scratch,
    Quota quota,
    TimeProvider clock,
    ILogger<ProcessVideo> logger) : JobHandler
{
    /// <summary>Longer than any one run of ffmpeg may take.</summary>
    private static readonly TimeSpan SourceUrlLifetime = TimeSpan.FromHours(24);

    /// <summary>Percent of the progress at which the encode ends, and at which all files are stored.</summary>
    private const int Encoded = 90;
    private const int Finished = 96;

    /// <summary>An encode takes minutes: a bar that moves every other second is smooth enough, and each step is a transaction and an event to all, which take time from it.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(2);

    public override string Kind => JobKinds.ProcessVideo;

    public override async Task<JobOutcome> HandleAsync(Job job, CancellationToken ct)
    {
        if (await StartAsync(job, ct) is not { } video)
        {
            return new JobOutcome.Done();
        }

        try
        {
            return await MakeOrForgetAsync(video, ct);
        }
        catch (SupersededException)
        {
            return new JobOutcome.Done();
        }
        catch (MediaRejectedException e)
        {
            return new JobOutcome.Dead(e.Code, e.Message);
        }
        catch (QuotaExceededException e)
        {
            return new JobOutcome.Dead(QuotaExceededException.Code, e.Message);
        }
        catch (MediaSourceException)
        {
            return new JobOutcome.Retry("source_unreadable", "The file could not be read from the store, again and again. Reprocess the video when the store is well.");
        }
        catch (MediaProcessException e) when (e.Failure is MediaFailure.TimeLimit or MediaFailure.OutputLimit)
        {
            return new JobOutcome.Dead("limit_reached", $"Making the renditions went over a limit: {e.Message}");
        }
        catch (MediaProcessException e)
        {
            return new JobOutcome.Retry("encode_failed", $"A rendition could not be made: {e.Message}");
        }
    }

    public override async Task BuryAsync(Job job, string code, string reason, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        List<VideoError> errors = [new VideoError(code, [reason])];
        await log.ChangeAsync(
            job.CompanyId,
            job.SubjectId,
            v => v.Status == VideoStatus.Preparing || v.Status == VideoStatus.Reprocessing,
            set => set.SetProperty(v => v.Status, VideoStatus.Errored).SetProperty(v => v.Errors, errors).SetProperty(v => v.UpdatedAt, now),
            EventTypes.VideoErrored,
            ct,
            async (db, token) =>
            {
                var run = await db.Videos.Where(v => v.Id == job.SubjectId && v.CompanyId == job.CompanyId).Select(v => v.Run).SingleAsync(token);
                await quota.ReleaseAsync(db, UsageKind.EncodeTime, job.CompanyId, Video.RunId(job.SubjectId, run), token);
            });
    }

    /// <summary>Whatever ended the run: what it stored behind the video's deletion goes too. A source that can't be read any more may be the first sign of one.</summary>
    private async Task<JobOutcome> MakeOrForgetAsync(Video video, CancellationToken ct)
    {
        try
        {
            return await MakeAsync(video, ct);
        }
        catch
        {
            await publish.ForgetIfDeletedAsync(video);
            throw;
        }
    }

    private async Task<JobOutcome> MakeAsync(Video video, CancellationToken ct)
    {
        var steps = new StepTimes(clock);
        await publish.RemoveLeftoversAsync(video, ct);
        if (await SourceAsync(video, ct) is not { } input)
        {
            return new JobOutcome.Dead("source_gone", "The artifact that the video is made from has been deleted.");
        }

        steps.Mark("found");
        var source = await inspect.RunAsync(input, ct);
        steps.Mark("inspected");
        var reasons = CopyCheck.FromHeaders(source, video.Quality);
        await facts.StoreAsync(video, source, reasons, ct);
        using var folder = scratch.NewFolder(video.Id);
        var ladderFolder = Directory.CreateDirectory(Path.Combine(folder.Path, "ladder")).FullName;
        var plan = LadderPlan(video, source, reasons);
        var growth = new RungGrowth(plan, ladderFolder);
        await StoreProgressAsync(video, 0, growth, ct);
        await using var progress = new JobProgress(video.Id, (percent, token) => StoreProgressAsync(video, percent, growth, token), ProgressInterval, clock, logger);
        progress.Start();
        // The encode yields to the preview, which somebody may be waiting for.
        MadeTracks? ladder = null;
        await SideBySide.RunAsync(
            ct,
            token => preview.RunAsync(video, source, reasons, Path.Combine(folder.Path, "preview"), steps, token),
            async token => ladder = await package.MakeAsync(plan, ladderFolder, share => progress.Report(0, Encoded, share, 1), token));
        steps.Mark("encoded");
        await CompleteAsync(video, ladder!.ToPackage(), ladderFolder, progress, ct);
        steps.Mark("stored");
        LogDone(logger, video.Id, steps.ToString());
        return new JobOutcome.Done();
    }

    /// <returns>Null when there is nothing to do: it is gone, or has ended.</returns>
    private async Task<Video?> StartAsync(Job job, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var started = await log.ChangeAsync(
            job.CompanyId,
            job.SubjectId,
            v => v.Status == VideoStatus.Preparing || v.Status == VideoStatus.Reprocessing,
            set => set
                .SetProperty(v => v.TranscodeAttempts, v => v.TranscodeAttempts + 1)
                .SetProperty(v => v.StartedAt, v => v.StartedAt ?? now)
                .SetProperty(v => v.UpdatedAt, now),
            EventTypes.VideoProgress,
            ct);
        await using var db = await databases.CreateDbContextAsync(ct);
        var video = await db.Videos.AsNoTracking().SingleOrDefaultAsync(v => v.Id == job.SubjectId && v.CompanyId == job.CompanyId, ct);
        return started is not null && video?.TranscodeAttempts == started.TranscodeAttempts ? video : null;
    }

    private async Task<ProbeInput?> SourceAsync(Video video, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var key = await db.Artifacts.Where(a => a.Id == video.ArtifactId && a.CompanyId == video.CompanyId).Select(a => a.S3Key).SingleOrDefaultAsync(ct);
        return key is not null && await store.HeadAsync(key, ct) is { } found
            ? ProbeInput.FromUrl(new Uri(store.PresignInternalGet(key, SourceUrlLifetime)), found.SizeBytes)
            : null;
    }

    /// <summary>The ladder encodes the picture in any case; sound that plays everywhere is copied.</summary>
    private static PackagePlan LadderPlan(Video video, VideoSource source, IReadOnlyList<CopyReason> reasons) =>
        PackagePlan.Of(source, video.Quality, source.Video is { } picture ? [new CopyReason("video", picture.Index, "ladder"), .. reasons] : reasons);

    private async Task CompleteAsync(Video video, VideoPackage tracks, string folder, JobProgress progress, CancellationToken ct)
    {
        await using var draft = publish.Begin(video, folder);
        var whole = await finish.RunAsync(tracks, folder, draft.AddAsync, ct);
        progress.Report(0, Finished, 1, 1);
        await draft.PlayAsync(whole, VideoStatus.Ready, ct);
    }

    private Task<VideoObject?> StoreProgressAsync(Video video, int percent, RungGrowth growth, CancellationToken ct)
    {
        List<RenditionProgress> rungs = [.. growth.Look().Select(r => new RenditionProgress(r.Rung.Name, r.Rung.Kbps, (int)(Encoded * r.Share)))];
        return log.ChangeAsync(
            video.CompanyId,
            video.Id,
            v => v.TranscodeAttempts == video.TranscodeAttempts && (v.Status == VideoStatus.Preparing || v.Status == VideoStatus.Reprocessing) && v.Progress <= percent,
            set => set.SetProperty(v => v.Progress, percent).SetProperty(v => v.Rungs, rungs).SetProperty(v => v.UpdatedAt, clock.GetUtcNow()),
            EventTypes.VideoProgress,
            ct);
    }

    [LoggerMessage(LogLevel.Information, "Video {VideoId} is ready; seconds until {Steps}")]
    private static partial void LogDone(ILogger logger, string videoId, string steps);
}
