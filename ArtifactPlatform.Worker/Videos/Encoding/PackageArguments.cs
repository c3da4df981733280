using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>
/// The one ffmpeg run that makes a package: one read and one decode of the source, a fragmented MP4 for each track, the storyboard by the way. Pure. Each track
/// has a muxer of its own, whose fragments are the segments; an edit list takes off the coders' delay, so that all tracks start at 0.
/// </summary>
public static class PackageArguments
{
    /// <summary>Seconds: short enough to start and to switch quickly, long enough to compress well.</summary>
    public const int SegmentSeconds = 4;

    /// <summary>A copied stream is cut at the first keyframe behind this: a little less than the aim, for keyframes every 1.9 s.</summary>
    private const string LeastCopiedMicroseconds = "3500000";

    /// <summary>
    /// Frames that wait before each encoder. One thread of ffmpeg feeds them all in turn: with x264's own four, all wait for the slowest
    /// now and then, and a run of five rungs takes some 4 % longer; with 30 it is no quicker and begins later, for they are filled first.
    /// </summary>
    private const string EncoderQueueFrames = "16";

    private const string ProbeBytes = "33554432";
    private const string AnalyzeMicroseconds = "30000000";

    private static readonly Rational[] CameraRates = [new(24, 1), new(25, 1), new(30, 1), new(50, 1), new(60, 1)];

    /// <summary>
    /// Counted from the last one, so that a gap in a screen recording is not followed by a burst; a millisecond less, since times are not exact.
    /// </summary>
    private const string Keyframes = @"expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+3.999))";

    /// <param name="plan">What is made.</param>
    /// <param name="folder">Where the tracks are written.</param>
    /// <param name="options">Threads and time limits.</param>
    public static IReadOnlyList<string> For(PackagePlan plan, string folder, FfmpegOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        var threads = Number(options.ThreadCount);
        List<string> arguments = ["-y", "-threads", threads, "-probesize", ProbeBytes, "-analyzeduration", AnalyzeMicroseconds, .. Origin(plan.Source.Video), .. FilterThreads(plan, options), .. plan.GraphStands ? ["-reinit_filter:v", "0", "-autorotate", "0"] : Array.Empty<string>(), .. InputArguments.For(plan.Source.Input, options)];
        if (plan.Source.Video is { } video)
        {
            arguments.AddRange(plan.CopyVideo ? CopiedPicture(video) : ["-filter_complex", PictureFilters.Ladder(video, plan.Rungs, plan.Sheet, folder)]);
            for (var i = 0; i < plan.Rungs.Count; i++)
            {
                arguments.AddRange(plan.CopyVideo ? [] : EncodedPicture(video, plan.Rungs[i], i, threads));
                arguments.AddRange(Muxer(Path.Combine(folder, PackagePlan.VideoFile(plan.Rungs[i]))));
            }
        }

        arguments.AddRange(plan.Sheet is null ? [] : StoryboardLayout.Output(folder));
        foreach (var audio in plan.Audio)
        {
            arguments.AddRange(["-map", $"0:{Number(audio.Stream.Index)}", .. audio.Copy ? ["-c:a", "copy"] : EncodedSound(audio)]);
            arguments.AddRange(["-frag_duration", Number(SegmentSeconds * 1_000_000), .. Muxer(Path.Combine(folder, audio.File))]);
        }

        return arguments;
    }

    /// <summary>
    /// Sound that begins a coder's priming before the picture would push that off its grid of frame times: the picture is the beginning
    /// then, and what sounds before it is left out. An empty edit in front of it would do for a copy, but players of segments pass over it.
    /// </summary>
    private static IEnumerable<string> Origin(SourceVideo? video) =>
        video is { Start: > 0 and <= CopyCheck.StartTolerance } ? ["-itsoffset", string.Create(CultureInfo.InvariantCulture, $"{-video.Start:0.000000}")] : [];

    /// <summary>
    /// Scaling alone is a tenth of the work: cut into as many slices as there are cores, which the encoders keep busy, it waits for the last
    /// of them each time. With half as many an encode on 2 cores was 2 % quicker. Filters that take longer than an encoder get all cores.
    /// </summary>
    private static IEnumerable<string> FilterThreads(PackagePlan plan, FfmpegOptions options)
    {
        var cores = options.ThreadCount > 0 ? options.ThreadCount : Environment.ProcessorCount;
        return !plan.CopyVideo && plan.Source.Video is { IsInterlaced: false, IsHdr: false, ColorPrimaries: not "bt2020" } ? ["-filter_complex_threads", Number(Math.Max(1, cores / 2))] : [];
    }

    private static IEnumerable<string> CopiedPicture(SourceVideo video) =>
        ["-map", $"0:{Number(video.Index)}", "-c:v", "copy", "-tag:v", "avc1", "-min_frag_duration", LeastCopiedMicroseconds];

    private static IEnumerable<string> EncodedPicture(SourceVideo video, Rung rung, int number, string threads) =>
    [
        "-map", $"[v{Number(number)}]", "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-threads", threads,
        "-crf", "23", "-maxrate", $"{Number(rung.Kbps)}k", "-bufsize", $"{Number(rung.Kbps * 2)}k",
        "-g", "100000", "-sc_threshold", "0", "-forced-idr", "1", "-force_key_frames", Keyframes,
        "-x264-params", $"sync-lookahead={EncoderQueueFrames}",
        "-fps_mode", "vfr", .. video.IsVariableRate ? ["-enc_time_base", Grid(video)] : Array.Empty<string>(),
    ];

    /// <summary>
    /// Varying frame times go to the source's own grid where it has a usable one; a camera's, which only tremble, to the rate that it
    /// meant; others to one of 60 a second. So no more frames than that come out, and players that count in frames get along.
    /// </summary>
    /// <returns>Seconds, as ffmpeg has ratios.</returns>
    internal static string Grid(SourceVideo video)
    {
        // A camera leaves out a frame now and then in the dark.
        const double LeastShare = 0.9;
        const double MostShare = 1.02;
        var rate = Rational.Parse(video.GridFraction) is { } own && own.Value <= Ladder.MaxFrameRate + 0.5 && own.Value >= video.FrameRate
            ? own
            : CameraRates.Cast<Rational?>().FirstOrDefault(meant => video.FrameRate / meant?.Value is >= LeastShare and <= MostShare) ?? CameraRates[^1];
        return string.Create(CultureInfo.InvariantCulture, $"{rate.Den}:{rate.Num}");
    }

    private static IEnumerable<string> EncodedSound(AudioPlan audio)
    {
        // Silence for what is missing, at the start and in gaps: the sound stays with the picture.
        var layout = audio.Channels == 1 ? "mono" : "stereo";
        return
        [
            "-af", $"aresample={Number(audio.SampleRate)}:async=1:first_pts=0,aformat=sample_fmts=fltp:channel_layouts={layout}",
            "-c:a", "aac", "-b:a", $"{Number(audio.Kbps)}k",
        ];
    }

    /// <summary>A file's own tags (place, device, owner) are nobody's business.</summary>
    private static IEnumerable<string> Muxer(string path) =>
    [
        "-map_metadata", "-1", "-map_chapters", "-1", "-f", "mp4", "-movflags", "+cmaf+frag_keyframe+delay_moov+skip_trailer", "-use_editlist", "1", InputArguments.FileUrl(path),
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
