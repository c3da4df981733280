using System.Globalization;

namespace ArtifactPlatform.Worker.Media;

/// <param name="Index">Place in the request's array.</param>
/// <param name="Document">ffprobe's findings.</param>
/// <param name="Main">The streams that are joined.</param>
internal sealed record ComparedFragment(int Index, FfprobeDocument Document, MainStreams Main);

/// <summary>Whether fragments can be joined without encoding them anew: each against the first.</summary>
internal static class CompareFragments
{
    /// <summary>29.97 and 30 differ by 0.1 %; what rounding in a container's clock does stays far below.</summary>
    private const double SameRate = 0.0003;

    /// <summary>Codecs whose set-up stands in the container's header alone, once for the whole file.</summary>
    private static readonly string[] SetUpInHeader = ["vorbis", "theora", "mpeg4", "vc1", "wmv3", "wmav2", "wmapro", "alac", "ffv1"];

    private static readonly (string Field, string Words, Func<ComparedFragment, string?> Value)[] Fields =
    [
        ("streams", "streams", f => string.Join(" and ", new[] { f.Main.Video is null ? null : "video", f.Main.Audio is null ? null : "audio" }.OfType<string>())),
        ("audioTracks", "number of audio tracks", f => Invariant($"{AudioTracks(f)}")),
        ("videoCodec", "video codec", f => f.Main.Video?.CodecName),
        ("resolution", "resolution", f => f.Main.Video is { } v ? Invariant($"{v.Width}x{v.Height}") : null),
        ("sampleAspectRatio", "sample aspect ratio", f => f.Main.Video is { } v ? (Rational.Parse(v.SampleAspectRatio) ?? new(1, 1)).Value.ToString("0.###", CultureInfo.InvariantCulture) : null),
        ("rotation", "rotation", f => f.Main.Video is { } v ? Invariant($"{DescribeMedia.Rotation(v)}") : null),
        ("pixelFormat", "pixel format", f => Pixels(f.Main.Video?.PixFmt)),
        ("frameRate", "frame rate", f => Rate(f.Main.Video) is { } r ? r.ToString("0.###", CultureInfo.InvariantCulture) : null),
        ("videoSetup", "video codec set-up", f => SetUp(f.Main.Video)),
        ("audioCodec", "audio codec", f => f.Main.Audio?.CodecName),
        ("audioProfile", "audio profile", f => f.Main.Audio is { CodecName: "aac" } a ? a.Profile : null),
        ("sampleRate", "sample rate", f => f.Main.Audio?.SampleRate is { } hertz ? Invariant($"{hertz} Hz") : null),
        ("channels", "number of channels", f => f.Main.Audio?.Channels is { } channels ? Invariant($"{channels}") : null),
        ("channelLayout", "channel layout", f => f.Main.Audio?.ChannelLayout),
        ("sampleFormat", "sample format", f => f.Main.Audio is { } a && JoinSamples.IsLossless(a) ? Invariant($"{a.SampleFmt}, {a.BitsPerRawSample ?? a.BitsPerSample} bits") : null),
        ("audioSetup", "audio codec set-up", f => SetUp(f.Main.Audio)),
    ];

    /// <returns>Null when all fit together; else what differs first, or sound of which a join would lose a part unsaid.</returns>
    public static MediaRejectedException? FirstDifference(IReadOnlyList<ComparedFragment> fragments)
    {
        ArgumentOutOfRangeException.ThrowIfZero(fragments.Count);
        // In the order of the request: "fragments[0] has …" is what a person expects to be compared with.
        var ordered = fragments.OrderBy(f => f.Index).ToList();
        foreach (var other in ordered.Skip(1))
        {
            foreach (var (field, words, value) in Fields)
            {
                if (Differ(field, ordered[0], other, value))
                {
                    return Mismatch(field, words, other, value(other), ordered[0], value(ordered[0]));
                }
            }
        }

        // All have as many: then the first speaks for all.
        return AudioTracks(ordered[0]) > 1 ? TooManyTracks(ordered[0]) : null;
    }

    /// <summary>Only what is known counts: a telephone's spatial sound beside its AAC has no codec here, and no player would miss it.</summary>
    private static int AudioTracks(ComparedFragment fragment) => fragment.Document.Streams.Count(s => s.IsAudio && s.CodecName is not null);

    private static bool Differ(string field, ComparedFragment first, ComparedFragment other, Func<ComparedFragment, string?> value) => field switch
    {
        "frameRate" => RatesDiffer(first.Main.Video, other.Main.Video),
        // Many files don't say; then the number of channels must do.
        "channelLayout" or "pixelFormat" or "audioProfile" => value(first) is { } a && value(other) is { } b && a != b,
        _ => value(first) != value(other),
    };

    private static bool RatesDiffer(FfprobeStream? first, FfprobeStream? other)
    {
        if (first is null || other is null || IsVarying(first) || IsVarying(other))
        {
            return false;
        }

        return Rate(first) is { } a && Rate(other) is { } b && Math.Abs(a - b) > a * SameRate
            && !(Rational.Parse(first.RFrameRate) is { } ra && Rational.Parse(other.RFrameRate) is { } rb && Math.Abs(ra.Value - rb.Value) <= ra.Value * SameRate);
    }

    /// <summary>With a rate that varies in itself there is nothing to compare: the joined file's varies as well.</summary>
    private static bool IsVarying(FfprobeStream stream)
    {
        const double Varies = 0.05;
        return Rational.Parse(stream.AvgFrameRate) is { } avg && Rational.Parse(stream.RFrameRate) is { } steps && Math.Abs(avg.Value - steps.Value) > avg.Value * Varies;
    }

    private static double? Rate(FfprobeStream? stream) => (Rational.Parse(stream?.AvgFrameRate) ?? Rational.Parse(stream?.RFrameRate))?.Value;

    /// <summary>The full-range names of JPEG's days mean the same samples.</summary>
    private static string? Pixels(string? format) => format?.Replace("yuvj", "yuv", StringComparison.Ordinal);

    private static string? SetUp(FfprobeStream? stream) => SetUpInHeader.Contains(stream?.CodecName) ? stream?.ExtradataHash : null;

    private static MediaRejectedException Mismatch(string field, string words, ComparedFragment other, string? theirs, ComparedFragment first, string? ours)
    {
        var values = field.EndsWith("Setup", StringComparison.Ordinal)
            ? $"fragments[{other.Index}] was made with a different {words} than fragments[{first.Index}]"
            : $"fragments[{other.Index}] has {words} {theirs ?? "none"}, fragments[{first.Index}] has {ours ?? "none"}";
        return new(
            RejectionCodes.FragmentMismatch,
            $"{values}; all fragments must have the same. Convert them with the same settings first.",
            $"fragments[{other.Index}].{field}");
    }

    private static MediaRejectedException TooManyTracks(ComparedFragment fragment) => new(
        RejectionCodes.FragmentMismatch,
        $"fragments[{fragment.Index}] has {AudioTracks(fragment)} audio tracks, and only one is joined. Remove all but the one to be heard from each fragment first.",
        $"fragments[{fragment.Index}].audioTracks");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
