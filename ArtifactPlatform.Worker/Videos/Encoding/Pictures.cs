using System.Globalization;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Still pictures out of a finished package: its tracks are local, upright and in one form, and their segments start with keyframes.</summary>
public sealed class Pictures(MediaProcess process)
{
    /// <summary>Pixels.</summary>
    public const int MaxWidth = 1920;

    /// <summary>A JPEG is full range and BT.601 by its own rules (JFIF 1.02).</summary>
    internal const string ForJpeg = "scale=in_color_matrix=bt709:out_color_matrix=bt601:out_range=full,format=yuvj420p";

    private const double Slack = 0.001;

    /// <summary>The storyboard, where the encode did not make it by the way, and the poster.</summary>
    /// <param name="package">As it was made in <paramref name="folder"/>.</param>
    /// <param name="folder">Holds the tracks, and gets the pictures.</param>
    /// <param name="ct">Ends the run.</param>
    /// <returns>As it is for sound alone.</returns>
    /// <exception cref="MediaProcessException">ffmpeg could not run, was killed, or the disk is full.</exception>
    public async Task<VideoPackage> RunAsync(VideoPackage package, string folder, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Video.Count == 0)
        {
            return package;
        }

        var sheet = package.Storyboard ?? await StoryboardAsync(package.Video[^1], folder, ct);
        var poster = PosterChoice.Best(await File.ReadAllTextAsync(Path.Combine(folder, StoryboardLayout.NumbersFile), ct), sheet);
        await PosterAsync(package, folder, poster, ct);
        return package with { Storyboard = sheet, PosterSeconds = poster };
    }

    /// <summary>Writes <see cref="PackageFiles.Poster"/>, at most <see cref="MaxWidth"/> wide.</summary>
    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public async Task PosterAsync(VideoPackage package, string folder, double seconds, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(package);
        var video = package.Video.FirstOrDefault(rendition => rendition.Width <= MaxWidth) ?? package.Video[^1];
        var (start, end, at) = (0.0, 0.0, 0);
        for (; at < video.Track.Segments.Count; at++)
        {
            start = end;
            end += video.Track.Segments[at].Seconds;
            if (seconds < end)
            {
                break;
            }
        }

        at = Math.Min(at, video.Track.Segments.Count - 1);
        // From a length's last moment there may be no frame any more.
        var time = Math.Clamp(seconds, start, Math.Max(start, end - (1 / Math.Max(video.FrameRate, 1))));
        var select = string.Create(CultureInfo.InvariantCulture, $"select='gte(t,{Math.Max(time - Slack, 0):0.######})'");
        var path = Path.Combine(folder, PackageFiles.Poster);
        await using var slice = FileRanges.Of(video.Track, folder, [video.Track.Segments[at]]);
        // Frames that no other needs are not decoded: the next one that is comes up to three frames later, which nobody sees in a poster.
        await RunAsync("poster", [.. Piped(skip: "noref"), "-vf", $"{select},{Bounded(MaxWidth)},{ForJpeg}", .. OneJpeg(path, "3")], slice, ct);
        if (!File.Exists(path))
        {
            // Nothing behind that time in the segment, as where the last picture stands for long: its first one does.
            await using var again = FileRanges.Of(video.Track, folder, [video.Track.Segments[at]]);
            await RunAsync("poster", [.. Piped(skip: "default"), "-vf", $"{Bounded(MaxWidth)},{ForJpeg}", .. OneJpeg(path, "3")], again, ct);
        }
    }

    /// <summary>One frame of any rendition, wherever it is.</summary>
    /// <param name="input">A track or MP4 of a package.</param>
    /// <param name="seconds">Behind the end = the last frame; null = the first.</param>
    /// <param name="width">Pixels; null = the rendition's own. Never enlarged, at most <see cref="MaxWidth"/>.</param>
    /// <param name="path">The JPEG to write.</param>
    /// <param name="ct">Ends the run.</param>
    /// <inheritdoc cref="RunAsync(VideoPackage, string, CancellationToken)" path="/exception"/>
    public async Task ThumbnailAsync(MediaInput input, double? seconds, int? width, string path, CancellationToken ct)
    {
        var filters = $"{Bounded(Math.Clamp(width ?? MaxWidth, 2, MaxWidth))},{ForJpeg}";
        var seek = Math.Max(seconds ?? 0, 0).ToString("0.###", CultureInfo.InvariantCulture);
        File.Delete(path);
        await RunAsync("thumbnail", ["-y", "-ss", seek, .. InputArguments.For(input, process.Options), "-vf", filters, .. OneJpeg(path, "3")], null, ct);
        if (!File.Exists(path))
        {
            // Each frame of the last seconds over the one before.
            await RunAsync("thumbnail", ["-y", "-sseof", "-12", .. InputArguments.For(input, process.Options), "-vf", filters, "-update", "1", "-q:v", "3", "-f", "image2", InputArguments.FileUrl(path)], null, ct);
        }
    }

    private async Task<Storyboard> StoryboardAsync(VideoRendition video, string folder, CancellationToken ct)
    {
        var layout = StoryboardLayout.OfTrack(video.Track.Segments.Sum(segment => segment.Seconds), video.Width, video.Height, video.FrameRate);
        await using var slice = FileRanges.Of(video.Track, folder, layout.Segments(video.Track));
        await RunAsync("storyboard", [.. Piped(layout.KeyframesOnly ? "nokey" : "default"), "-filter_complex", $"[0:v]{layout.Filters(folder)}[sheet]", .. StoryboardLayout.Output(folder)], slice, ct);
        return layout.Sheet;
    }

    /// <summary>Times stay those of the track, wherever the slice begins.</summary>
    /// <param name="skip">Frames that are not decoded, in ffmpeg's words.</param>
    private static IEnumerable<string> Piped(string skip) =>
        ["-y", "-copyts", "-protocol_whitelist", "pipe", "-skip_frame", skip, "-f", "mov", "-i", "pipe:0"];

    private static string Bounded(int width) => string.Create(CultureInfo.InvariantCulture, $"scale='max(2,min({width},iw))':-2");

    internal static IEnumerable<string> OneJpeg(string path, string quality) =>
        ["-frames:v", "1", "-update", "1", "-c:v", "mjpeg", "-q:v", quality, "-f", "image2", InputArguments.FileUrl(path)];

    private Task<MediaRun> RunAsync(string purpose, IReadOnlyList<string> arguments, Stream? input, CancellationToken ct) =>
        process.RunAsync(new MediaCommand { Tool = MediaTool.Ffmpeg, Purpose = purpose, Arguments = arguments, Input = input, TimeLimit = process.Options.ScanTimeLimit }, ct);
}
