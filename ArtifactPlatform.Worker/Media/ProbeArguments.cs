using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>The arguments of the runs that look at a file.</summary>
internal static class ProbeArguments
{
    /// <summary>How far into a file the headers are looked for: a transport stream can carry seconds of sound before its first picture.</summary>
    private const string ProbeBytes = "33554432";

    private const string AnalyzeMicroseconds = "30000000";

    private const string HeaderEntries = "stream:stream_tags:stream_disposition:stream_side_data:format=format_name,duration,start_time,bit_rate,probe_score:format_tags";
    private const string PacketEntries = "packet=stream_index,pts,dts,duration,flags:packet_side_data=side_data_type";

    /// <summary>Enough to see whether packets come encrypted.</summary>
    private const string FirstPackets = "%+#32";

    /// <summary>Streams and format as JSON, behind the times of a few packets.</summary>
    public static IReadOnlyList<string> Headers(MediaInput input, FfmpegOptions options) => Packets(input, options, FirstPackets);

    /// <summary>The same with every packet's times, a packet a line.</summary>
    /// <param name="intervals">Where to read; null = everywhere.</param>
    public static IReadOnlyList<string> Packets(MediaInput input, FfmpegOptions options, string? intervals) =>
    [
        "-show_entries", $"{PacketEntries}:{HeaderEntries}", "-show_data_hash", "crc32", "-of", "json=compact=1",
        "-probesize", ProbeBytes, "-analyzeduration", AnalyzeMicroseconds,
        .. intervals is null ? Array.Empty<string>() : ["-read_intervals", intervals],
        .. InputArguments.For(input, options),
    ];

    /// <summary>Beginning, middle and end, each from the key frame before.</summary>
    public static string Intervals(double startSeconds, double durationSeconds)
    {
        const double SampleSeconds = 5;
        const double TailSeconds = 3;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"%+{SampleSeconds:0},{startSeconds + (durationSeconds / 2):0.000}%+{SampleSeconds:0},{startSeconds + durationSeconds - TailSeconds:0.000}%");
    }

    /// <summary>Decodes one stream to nowhere: its progress tells where the sound ends.</summary>
    public static IReadOnlyList<string> Decode(MediaInput input, FfmpegOptions options, int streamIndex) =>
    [
        "-threads", Invariant(options.ThreadCount), .. InputArguments.For(input, options), "-map", $"0:{Invariant(streamIndex)}", "-f", "null", "-",
    ];

    /// <summary>Decodes up to the first picture.</summary>
    public static IReadOnlyList<string> FirstFrame(MediaInput input, FfmpegOptions options, int streamIndex) =>
    [
        "-threads", Invariant(options.ThreadCount), .. InputArguments.For(input, options),
        "-map", $"0:{Invariant(streamIndex)}", "-frames:v", "1", "-f", "null", "-",
    ];

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
