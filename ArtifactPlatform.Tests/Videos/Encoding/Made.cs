using System.Globalization;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Videos.Encoding;

/// <summary>A package on disk, and what ffmpeg itself says about its files.</summary>
/// <param name="Why">Why streams were encoded; empty = all were copied.</param>
internal sealed record Made(string Folder, VideoPackage Package, IReadOnlyList<CopyReason> Why)
{
    public IEnumerable<string> Reasons => Why.Select(reason => reason.ToString());

    public IEnumerable<PackagedTrack> Tracks => Package.Video.Select(v => v.Track).Concat(Package.Audio.Select(a => a.Track));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public string PathOf(string file) => Path.Combine(Folder, file);

    public string PathOf(PackagedTrack track) => PathOf(track.File);

    /// <summary>Everything that has to be true of any package.</summary>
    /// <param name="hasRoughTimes">ffmpeg's null output, which counts in frames, complains about times off the grid that it guesses.</param>
    public async Task CheckAsync(bool hasRoughTimes = false)
    {
        IReadOnlyList<double>? keys = null;
        foreach (var track in Tracks)
        {
            var path = PathOf(track);
            CheckRanges(track, new FileInfo(path).Length);
            Assert.Equal("", await DecodeAsync(path, hasRoughTimes));
            Assert.Equal(0, (await MediaStack.Media.HeadersAsync(MediaInput.FromFile(path), Ct)).Streams[0].StartTime ?? 0, 0.03);
        }

        foreach (var video in Package.Video)
        {
            await CheckPictureAsync(video);
            var now = await KeyTimesAsync(PathOf(video.Track));
            Assert.Equal(keys ?? now, now);
            keys = now;
        }

        Assert.Equal(Package.Video.Count > 0 ? Package.Video.Select(v => v.Rung).Distinct().Count() : 0, Package.Video.Count);
        Assert.Equal(Package.Audio.Select(a => a.Name).Distinct().Count(), Package.Audio.Count);
    }

    /// <summary>The segments follow one another without a gap, from the header to the file's end.</summary>
    public static void CheckRanges(PackagedTrack track, long fileLength)
    {
        var at = track.InitLength;
        foreach (var segment in track.Segments)
        {
            Assert.Equal(at, segment.Offset);
            Assert.True(segment is { Length: > 0, Seconds: > 0 });
            at += segment.Length;
        }

        Assert.Equal(fileLength, at);
        Assert.True(track.PeakBitsPerSecond >= track.AverageBitsPerSecond);
    }

    /// <returns>What ffmpeg complains about while it decodes the file.</returns>
    public static async Task<string> DecodeAsync(string path, bool hasRoughTimes = false) =>
        (await FfmpegAsync(["-i", path, .. hasRoughTimes ? ["-enc_time_base", "-1"] : Array.Empty<string>(), "-f", "null", "-"])).LastLines;

    public static async Task<string> HashAsync(string path, string stream) =>
        (await FfmpegAsync(["-i", path, "-map", $"0:{stream}", "-c", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "hash", "-"])).StandardOutput.Trim();

    /// <returns>Luma, a byte for each frame, of the picture made small: enough to see a flash.</returns>
    public static async Task<byte[]> BrightnessAsync(string path, double rate = 100)
    {
        using var bytes = new MemoryStream();
        await FfmpegAsync(["-i", path, "-vf", Text($"scale=1:1,fps={rate}:start_time=0"), "-pix_fmt", "gray", "-f", "rawvideo", "-"], bytes);
        return bytes.ToArray();
    }

    /// <returns>Red, green and blue of the first frame's middle, taken as BT.709 in video range: what a browser shows of a rendition.</returns>
    public static async Task<byte[]> ColourAsync(string path)
    {
        using var bytes = new MemoryStream();
        await FfmpegAsync(["-i", path, "-frames:v", "1", "-vf", "crop=16:16,scale=1:1:in_color_matrix=bt709:in_range=tv", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"], bytes);
        return bytes.ToArray();
    }

    /// <returns>Seconds of the first loud sample.</returns>
    public static async Task<double> FirstSoundAsync(string path)
    {
        using var bytes = new MemoryStream();
        await FfmpegAsync(["-i", path, "-map", "0:a", "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", "8000", "-f", "s16le", "-"], bytes);
        var samples = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(bytes.ToArray()).ToArray();
        return Array.FindIndex(samples, sample => sample > 4000) / 8000.0;
    }

    /// <summary>The frames of each rung follow one another at one distance, from 0.</summary>
    public async Task CheckEvenAsync(double frameSeconds)
    {
        foreach (var video in Package.Video)
        {
            var times = await FrameTimesAsync(PathOf(video.Track));
            Assert.All(times, (time, at) => Assert.Equal(at * frameSeconds, time, 0.001));
        }
    }

    /// <summary>Of a finished package: both come at once, in the progressive MP4, whose times ffmpeg takes as players do.</summary>
    public async Task CheckFlashAndBeepAsync(double seconds)
    {
        var mp4 = PathOf(Package.Video[0].Mp4File ?? "");
        Assert.Equal(seconds, Array.FindIndex(await BrightnessAsync(mp4), luma => luma > 128) / 100.0, 0.011);
        Assert.Equal(seconds, await FirstSoundAsync(mp4), 0.011);
    }

    /// <returns>Seconds at which frames are shown, in that order.</returns>
    public static async Task<IReadOnlyList<double>> FrameTimesAsync(string path) => [.. (await PacketTimesAsync(path)).Select(packet => packet.Seconds).Order()];

    public static async Task<IReadOnlyList<double>> KeyTimesAsync(string path) => [.. (await PacketTimesAsync(path)).Where(packet => packet.IsKey).Select(packet => packet.Seconds)];

    private static async Task<IEnumerable<(double Seconds, bool IsKey)>> PacketTimesAsync(string path)
    {
        var run = await MediaStack.Process.RunAsync(
            new MediaCommand { Tool = MediaTool.Ffprobe, Arguments = ["-select_streams", "v", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0", path], TimeLimit = TimeSpan.FromMinutes(1) },
            Ct);
        return run.StandardOutput.Split('\n').Select(line => line.Split(',')).Where(parts => parts.Length > 1)
            .Select(parts => (double.Parse(parts[0], CultureInfo.InvariantCulture), parts[1].StartsWith('K')));
    }

    public static Task<MediaRun> FfmpegAsync(IReadOnlyList<string> arguments, Stream? output = null) =>
        MediaStack.Process.RunAsync(new MediaCommand { Tool = MediaTool.Ffmpeg, Arguments = arguments, TimeLimit = TimeSpan.FromMinutes(1), Output = output }, Ct);

    private async Task CheckPictureAsync(VideoRendition video)
    {
        var stream = (await MediaStack.Media.HeadersAsync(MediaInput.FromFile(PathOf(video.Track)), Ct)).Streams.Single();
        Assert.Equal((video.Width, video.Height, "h264", "yuv420p"), (stream.Width ?? 0, stream.Height ?? 0, stream.CodecName, stream.PixFmt?.Replace("yuvj", "yuv", StringComparison.Ordinal)));
        Assert.True(Rational.Parse(stream.SampleAspectRatio) is not { } sar || sar.Num == sar.Den, $"pixels of {stream.SampleAspectRatio}");
        Assert.Equal(0, DescribeMedia.Rotation(stream));
        Assert.Matches("^avc1\\.(42|4d|64)[0-9a-f]{4}$", video.Track.Codecs);
        if (Why.Any(reason => reason.Stream == "video"))
        {
            Assert.Equal(("bt709", "bt709", "bt709", "tv", "progressive"), (stream.ColorSpace, stream.ColorTransfer, stream.ColorPrimaries, stream.ColorRange, stream.FieldOrder));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
