using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>
/// Makes a source's tracks in a folder with one run of ffmpeg. Streams that play everywhere as they are get copied, the picture in its
/// one size; of any other picture all rungs are encoded from one decode.
/// </summary>
public sealed class PackageVideo(SourceRun runs)
{
    /// <summary>Makes just what the plan says.</summary>
    /// <param name="plan">What is copied, what is encoded.</param>
    /// <param name="folder">Exists; files in it may be overwritten.</param>
    /// <param name="progress">0 to 1, never falling, about twice a second; from any thread.</param>
    /// <param name="ct">Ends the run; files are left.</param>
    /// <inheritdoc cref="SourceRun.RunAsync" path="/exception"/>
    internal async Task<MadeTracks> MakeAsync(PackagePlan plan, string folder, Action<double>? progress, CancellationToken ct)
    {
        var reported = 0.0;
        var run = await runs.RunAsync(
            plan.Source.Input,
            new MediaCommand
            {
                Tool = MediaTool.Ffmpeg,
                Purpose = plan.IsCopy ? "package" : "encode",
                Arguments = PackageArguments.For(plan, folder, runs.Options),
                TimeLimit = runs.Options.EncodeTimeLimit,
                IsEncode = !plan.IsCopy,
                OnProgress = report =>
                {
                    if (Share(report, plan.Source) is var share && share > reported)
                    {
                        reported = share;
                        progress?.Invoke(share);
                    }
                },
            },
            ct);
        var made = await ReadAsync(plan, folder, ct);
        CheckWhole(plan.Source, made, run);
        if (PictureLimits.Verdict(made) is { } refused)
        {
            throw refused;
        }

        progress?.Invoke(1);
        return made;
    }

    private static double Share(FfmpegProgress report, VideoSource source)
    {
        // The end is told when the files have been read.
        const double Almost = 0.99;
        return report.OutTime is { } time && source.Duration is { } whole ? Math.Clamp(time.TotalSeconds / whole, 0, Almost) : 0;
    }

    private static async Task<MadeTracks> ReadAsync(PackagePlan plan, string folder, CancellationToken ct)
    {
        try
        {
            var video = await Task.WhenAll(plan.Rungs.Select(rung => CmafFile.ReadAsync(Path.Combine(folder, PackagePlan.VideoFile(rung)), ct)));
            var audio = await Task.WhenAll(plan.Audio.Select(track => ReadSoundAsync(plan, track, folder, ct)));
            return new(plan, video, [.. audio.OfType<MadeSound>()]);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            throw new MediaRejectedException(RejectionCodes.MediaUnreadable, "The file is damaged: not one picture or sound of it can be decoded. Re-export it and upload it again.", null, e);
        }
    }

    /// <returns>Null for a track beside others that has no sound in it, as one of a meeting where nobody spoke.</returns>
    private static async Task<MadeSound?> ReadSoundAsync(PackagePlan plan, AudioPlan track, string folder, CancellationToken ct)
    {
        try
        {
            return new(track, await CmafFile.ReadAsync(Path.Combine(folder, track.File), ct));
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException && (plan.Rungs.Count > 0 || track.Number > 0))
        {
            return null;
        }
    }

    /// <exception cref="MediaRejectedException">Much less came out than the file says it holds, and ffmpeg complained.</exception>
    private static void CheckWhole(VideoSource source, MadeTracks made, MediaRun run)
    {
        const double Tolerance = 1;
        const double Share = 0.02;
        if (run.LastLines.Length > 0 && source.Duration is { } told && told - made.Seconds is var missing && missing > Tolerance + (told * Share))
        {
            throw new MediaRejectedException(RejectionCodes.Truncated, FormattableString.Invariant($"The file is damaged or was cut off: it says that it is {told:0.0} s long, and {made.Seconds:0.0} s can be decoded. Upload the complete file."));
        }
    }
}
