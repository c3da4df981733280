using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Worker.Videos;

/// <summary>Packages a source that plays everywhere by copy, so that it plays after seconds, whatever the ladder takes; not worth failing for.</summary>
public sealed partial class PreviewVideo(SourceFacts facts, CopyCheck copyCheck, PackageVideo package, Pictures pictures, PublishPackage publish, ILogger<PreviewVideo> logger)
{
    /// <summary>Does nothing where the source can't be copied, or plays already.</summary>
    /// <param name="reasons">What the headers tell.</param>
    public async Task RunAsync(Video video, VideoSource source, IReadOnlyList<CopyReason> reasons, string folder, StepTimes steps, CancellationToken ct)
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
            await facts.StoreAsync(video, plan.Source, [.. unfit, .. reasons], ct);
            return null;
        }

        return made;
    }

    [LoggerMessage(LogLevel.Warning, "Video {VideoId} gets no preview; the ladder goes on")]
    private static partial void LogNoPreview(ILogger logger, Exception exception, string videoId);
}
