using System.Collections.Concurrent;
using System.Globalization;
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
    CopyCheck copyCheck,
    PackageVideo package,
    FinishPackage finish,
    Pictures pictures,
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

    /// <summary>An encode takes minutes: a bar that moves every second is smooth enough, and each step is a transaction that takes time from it.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    public override string Kind => JobKinds.ProcessVideo;

    public override async Task<JobOutcome> HandleAsync(Job job, CancellationToken ct)
    {
        if (await StartAsync(job, ct) is not { } video)
        {
            return new JobOutcome.Done();
        }

        try
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
            await StoreFactsAsync(video, source, reasons, ct);
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
                token => PreviewAsync(video, source, reasons, Path.Combine(folder.Path, "preview"), steps, token),
                async token => ladder = await package.MakeAsync(plan, ladderFolder, share => progress.Report(0, Encoded, share, 1), token));
            steps.Mark("encoded");
            await CompleteAsync(video, ladder!.ToPackage(), ladderFolder, progress, ct);
            steps.Mark("stored");
            LogDone(logger, video.Id, steps.ToString());
            return new JobOutcome.Done();
        }
        catch (OperationCanceledException)
        {
            await publish.ForgetIfDeletedAsync(video);
            throw;
        }
        catch (SupersededException)
        {
            await publish.ForgetIfDeletedAsync(video);
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

    /// <summary>Stores what the source is, and puts its length aside: the encode minutes of this run, however often it is tried.</summary>
    /// <exception cref="QuotaExceededException">The company has not that many left.</exception>
    private Task<VideoObject?> StoreFactsAsync(Video video, VideoSource source, IReadOnlyList<CopyReason> reasons, CancellationToken ct)
    {
        List<InputReason> shown = [.. reasons.Select(r => new InputReason(r.Stream, r.Reason))];
        return log.ChangeAsync(
            video.CompanyId,
            video.Id,
            v => v.TranscodeAttempts == video.TranscodeAttempts,
            set => set
                .SetProperty(v => v.FileSizeBytes, source.SizeBytes)
                .SetProperty(v => v.DurationSeconds, source.Duration)
                .SetProperty(v => v.VideoCodec, source.Video == null ? null : source.Video.Codec)
                .SetProperty(v => v.Fps, source.Video == null ? null : (double?)Math.Round(source.Video.FrameRate, 3))
                .SetProperty(v => v.SourceWidth, source.Video == null ? null : (int?)source.Video.Width)
                .SetProperty(v => v.SourceHeight, source.Video == null ? null : (int?)source.Video.Height)
                .SetProperty(v => v.AudioOnly, source.Video == null)
                .SetProperty(v => v.InputReasons, shown),
            eventType: null,
            ct,
            (db, token) => quota.ReserveAsync(db, UsageKind.EncodeTime, video.CompanyId, Video.RunId(video.Id, video.Run), UsageKinds.Milliseconds(source.Duration), token));
    }

    /// <summary>Plays after seconds, whatever the ladder takes; not worth failing for.</summary>
    /// <param name="reasons">What the headers tell.</param>
    private async Task PreviewAsync(Video video, VideoSource source, IReadOnlyList<CopyReason> reasons, string folder, StepTimes steps, CancellationToken ct)
    {
        var plan = PackagePlan.Of(source, video.Quality, reasons);
        if (!plan.CopyVideo || video.Package is not null || video.Status != VideoStatus.Preparing)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        try
        {
            if (await CopyAsync(video, plan, reasons, folder, ct) is not { } made)
            {
                return;
            }

            steps.Mark("copied");
            var preview = made.ToPackage();
            await using var draft = publish.Begin(video, folder);
            await draft.AddAsync(Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)), ct);
            await draft.PlayAsync(preview, VideoStatus.Preparing, ct);
            steps.Mark("playable");
            // A keyframe: the only one that has to be decoded.
            await pictures.PosterAsync(preview, folder, preview.Video[0].Track.SegmentStart(preview.Duration / 4), ct);
            await draft.AddAsync([PackageFiles.Poster], ct);
        }
        catch (Exception e) when (e is MediaRejectedException or MediaProcessException)
        {
            LogNoPreview(logger, e, video.Id);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Copies the source's streams while their packets are looked at.</summary>
    /// <returns>Null when the picture turned out to be one that can't be copied; the video says why.</returns>
    private async Task<MadeTracks?> CopyAsync(Video video, PackagePlan plan, IReadOnlyList<CopyReason> reasons, string folder, CancellationToken ct)
    {
        var picture = plan.Source.Video!;
        MadeTracks? made = null;
        IReadOnlyList<CopyReason> unfit = [];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            await SideBySide.RunAsync(
                stop.Token,
                async token => made = await package.MakeAsync(plan, folder, progress: null, token),
                async token =>
                {
                    unfit = await copyCheck.FromPacketsAsync(plan.Source, picture, token);
                    if (unfit.Count > 0)
                    {
                        await stop.CancelAsync();
                    }
                });
        }
        catch (OperationCanceledException) when (unfit.Count > 0 && !ct.IsCancellationRequested)
        {
            // Seen in time: the rest need not be copied.
        }

        if (unfit.Count == 0 && made!.Misfit(plan.Source) is { } misfit)
        {
            // The look was at a few places only; the whole showed something else.
            unfit = [new CopyReason("video", picture.Index, misfit)];
        }

        if (unfit.Count > 0)
        {
            await StoreFactsAsync(video, plan.Source, [.. unfit, .. reasons], ct);
            return null;
        }

        return made;
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

    [LoggerMessage(LogLevel.Warning, "Video {VideoId} gets no preview; the ladder goes on")]
    private static partial void LogNoPreview(ILogger logger, Exception exception, string videoId);

    [LoggerMessage(LogLevel.Information, "Video {VideoId} is ready; seconds until {Steps}")]
    private static partial void LogDone(ILogger logger, string videoId, string steps);

    /// <summary>When each step of a run ended; from any thread.</summary>
    private sealed class StepTimes(TimeProvider clock)
    {
        private readonly long started = clock.GetTimestamp();
        private readonly ConcurrentQueue<string> marks = [];

        public void Mark(string step) => marks.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{step} {clock.GetElapsedTime(started).TotalSeconds:0.0}"));

        public override string ToString() => string.Join(", ", marks);
    }
}
