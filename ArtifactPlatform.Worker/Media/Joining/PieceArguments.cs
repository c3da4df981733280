using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>
/// The arguments of the runs that make pieces to be joined. Times stay the source's own (<c>-copyts</c>): the list moves them. Packets are
/// chosen by number, not by time: in which clock a bit stream filter sees times differs between ffmpeg's versions.
/// </summary>
internal static class PieceArguments
{
    /// <summary>Seeking takes the key frame at or before the time: half a millisecond more outweighs rounding.</summary>
    private const double SeekRounding = 0.0005;

    /// <summary>Near lossless: a few pictures at a cut are worth the bytes.</summary>
    private const string Quality = "14";

    /// <param name="range">Which packets; null = all.</param>
    public static IReadOnlyList<string> CopyVideo(FragmentFacts facts, CopyRange? range, PieceFormat format, bool inlineSetUp, FfmpegOptions options, string output)
    {
        var stream = VideoOf(facts);
        List<string> filters = [];
        if (range is { } copied)
        {
            filters.Add($"noise=drop='{Escape($"lt(n,{Text(copied.FirstPacket)})+gte(n,{Text(copied.FirstPacket + copied.Packets)})")}'");
        }

        if (inlineSetUp && stream is { CodecName: "hevc" or "h264", ExtradataHash: not null })
        {
            filters.Add($"{stream.CodecName}_mp4toannexb");
        }

        return
        [
            "-y", "-copyts", .. Open(facts, options), "-map", $"0:{Text(stream.Index)}", "-c", "copy", "-copyinkf",
            .. filters.Count > 0 ? ["-bsf:v", string.Join(',', filters)] : Array.Empty<string>(),
            .. format.OutputArguments, InputArguments.FileUrl(output),
        ];
    }

    /// <summary>Decodes from the key frame before and encodes just the pictures of the range, without reordering, each at its own time.</summary>
    public static IReadOnlyList<string> EncodeVideo(FragmentFacts facts, TimeRange range, PieceFormat format, FfmpegOptions options, string output)
    {
        var stream = VideoOf(facts);
        var unit = facts.Video?.Unit ?? throw new ArgumentException("No pictures.", nameof(facts));
        var seek = Math.Max(0, (range.SeekTo * unit.Value) - facts.FileStart + SeekRounding);
        // An FLV has no index that ffmpeg seeks by: it is decoded from its beginning.
        IReadOnlyList<string> start = facts.Content.Container == "flv" ? [] : ["-noaccurate_seek", "-ss", Text(seek)];
        var trim = range.To is { } to ? $"trim=start_pts={Text(range.From)}:end_pts={Text(to)}" : $"trim=start_pts={Text(range.From)}";
        return
        [
            "-y", "-copyts", "-noautorotate", .. start, .. Open(facts, options), "-map", $"0:{Text(stream.Index)}",
            "-vf", trim, "-fps_mode", "passthrough", "-enc_time_base", format.Unit == unit ? "-1" : format.Unit.ToString(),
            "-threads", Text(options.ThreadCount), .. Encoder(stream), .. format.OutputArguments, InputArguments.FileUrl(output),
        ];
    }

    /// <summary>Copies a run of sound packets from each of several files; both muxers turn to the samples' own clock.</summary>
    /// <param name="pieces">One after the other: starting ffmpeg takes longer than copying a short sound.</param>
    public static IReadOnlyList<string> CopySound(IReadOnlyList<(FragmentFacts Facts, PlacedSound Sound, string Output)> pieces, FfmpegOptions options)
    {
        List<string> arguments = ["-y", "-copyts"];
        foreach (var (facts, _, _) in pieces)
        {
            arguments.AddRange(Open(facts, options));
        }

        for (var i = 0; i < pieces.Count; i++)
        {
            var (facts, sound, output) = pieces[i];
            var stream = SoundOf(facts);
            var drop = Escape($"lt(n,{Text(sound.First)})+gt(n,{Text(sound.Last)})");
            arguments.AddRange(["-map", $"{Text(i)}:{Text(stream.Index)}", "-c", "copy", "-bsf:a", $"noise=drop='{drop}'", "-f", SoundPieceMuxer(stream), InputArguments.FileUrl(output)]);
        }

        return arguments;
    }

    /// <summary>AAC without set-up data carries it in each packet (ADTS); the MP4 muxer takes it out, NUT would not.</summary>
    private static string SoundPieceMuxer(FfprobeStream stream) => stream is { CodecName: "aac", ExtradataHash: null } ? "mp4" : "nut";

    /// <summary>Silence as packets of the same kind as the sound around it, the first few of a coder's stream left out.</summary>
    public static IReadOnlyList<string> Silence(FfprobeStream stream, int packets, int samples, string output)
    {
        const int Settling = 4;
        var hertz = Text(stream.SampleRate ?? 48000);
        var layout = stream.ChannelLayout is { Length: > 0 } and not "unknown" ? stream.ChannelLayout : $"{stream.Channels ?? 2}c";
        var seconds = (double)(packets + (2 * Settling)) * samples / (stream.SampleRate ?? 48000);
        var drop = $"lt(n,{Text(Settling)})+gte(n,{Text(Settling + packets)})";
        return
        [
            "-y", "-f", "lavfi", "-i", $"anullsrc=r={hertz}:cl={layout}", "-t", Text(seconds),
            .. SoundEncoder(stream), "-bsf:a", $"noise=drop='{Escape(drop)}'",
            "-f", "nut", InputArguments.FileUrl(output),
        ];
    }

    /// <summary>Encodes the cut part of an MP3 anew at the source's rate: copied frames would lean on bytes that are cut off.</summary>
    public static IReadOnlyList<string> CutSound(FragmentFacts facts, FfmpegOptions options, string output) =>
    [
        "-y", .. Open(facts, options), "-map", $"0:{Text(SoundOf(facts).Index)}",
        "-af", $"atrim=start={Text(facts.Zero - Math.Max(SoundOf(facts).StartTime ?? 0, 0))}:duration={Text(facts.Duration)},asetpts=PTS-STARTPTS",
        .. SoundEncoder(SoundOf(facts)), "-f", "mp3", InputArguments.FileUrl(output),
    ];

    /// <summary>Whether <see cref="Silence"/> can be made that decodes with the sound around it.</summary>
    public static bool CanBeSilent(FfprobeStream stream) => stream.CodecName switch
    {
        "aac" => stream.Profile is "LC",
        "mp3" or "ac3" or "eac3" or "opus" => true,
        _ => false,
    };

    /// <summary>
    /// Whether there is an encoder whose pictures decode with copied ones around them: set-up stands in the stream itself. MPEG-2's takes no
    /// clock but that of its frame rates.
    /// </summary>
    public static bool CanEncode(FfprobeStream video) => video.CodecName is "h264" or "hevc" or "vp8" or "vp9" or "av1";

    internal static string Text(double number) => number.ToString("0.#########", CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> Open(FragmentFacts facts, FfmpegOptions options) => InputArguments.For(MediaInput.FromFile(facts.Fragment.Path), options);

    private static FfprobeStream VideoOf(FragmentFacts facts) => facts.Main.Video ?? throw new ArgumentException("No pictures.", nameof(facts));

    private static FfprobeStream SoundOf(FragmentFacts facts) => facts.Main.Audio ?? throw new ArgumentException("No sound.", nameof(facts));

    /// <summary>A comma ends a bit stream filter unless it is escaped.</summary>
    private static string Escape(string expression) => expression.Replace(",", @"\,", StringComparison.Ordinal);

    private static IReadOnlyList<string> Encoder(FfprobeStream stream)
    {
        var interlaced = stream.FieldOrder is "tt" or "bb" or "tb" or "bt";
        IReadOnlyList<string> fields = interlaced ? ["-flags:v", "-global_header+ildct+ilme"] : ["-flags:v", "-global_header"];
        IReadOnlyList<string> pixels = stream.PixFmt is { } format ? ["-pix_fmt", format] : [];
        return stream.CodecName switch
        {
            "h264" => ["-c:v", "libx264", "-preset", "fast", "-crf", Quality, "-bf", "0", .. pixels, .. fields],
            "hevc" => ["-c:v", "libx265", "-preset", "fast", "-crf", Quality, "-bf", "0", "-x265-params", "log-level=error:repeat-headers=1", .. pixels, .. fields],
            "vp8" => ["-c:v", "libvpx", "-crf", "6", "-b:v", "20M", "-auto-alt-ref", "0", "-deadline", "good", "-cpu-used", "4", .. pixels],
            "vp9" => ["-c:v", "libvpx-vp9", "-crf", Quality, "-b:v", "0", "-auto-alt-ref", "0", "-lag-in-frames", "0", "-deadline", "good", "-cpu-used", "4", .. pixels],
            "av1" => ["-c:v", "libaom-av1", "-crf", Quality, "-b:v", "0", "-usage", "realtime", "-cpu-used", "8", "-lag-in-frames", "0", .. pixels],
            _ => throw new ArgumentException($"No encoder for {stream.CodecName}.", nameof(stream)),
        };
    }

    private static IReadOnlyList<string> SoundEncoder(FfprobeStream stream)
    {
        // What encoders offer; far below these a source's own rate is met by the encoder's nearest.
        const long UsualBitRate = 128_000;
        var rate = Text(Math.Clamp(stream.BitRate ?? UsualBitRate, 32_000, 512_000));
        return stream.CodecName switch
        {
            "aac" => ["-c:a", "aac", "-b:a", rate],
            "mp3" => ["-c:a", "libmp3lame", "-b:a", Text(Math.Min(stream.BitRate ?? UsualBitRate, 320_000))],
            "ac3" => ["-c:a", "ac3", "-b:a", rate],
            "eac3" => ["-c:a", "eac3", "-b:a", rate],
            "opus" => ["-c:a", "libopus", "-b:a", rate],
            _ => throw new ArgumentException($"No encoder for {stream.CodecName}.", nameof(stream)),
        };
    }
}
