using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Puts ffprobe's findings into the contract's words. Pure: captured ffprobe output is its test data.</summary>
internal static class DescribeMedia
{
    private const string Undetermined = "und";

    /// <param name="document">ffprobe's findings.</param>
    /// <param name="content">What the first bytes said.</param>
    /// <param name="timings">Measured times by stream index, as far as they were measured.</param>
    /// <param name="durationSeconds">Of the whole file.</param>
    /// <param name="sizeBytes">Of the whole file.</param>
    public static MediaInfo From(FfprobeDocument document, SniffedContent content, IReadOnlyDictionary<int, StreamTiming> timings, double durationSeconds, long sizeBytes)
    {
        var (video, audio) = MainStreams.Of(document);
        var timing = video is null ? null : timings.GetValueOrDefault(video.Index);
        var shown = video is null ? null : ShownSize(video);
        return new MediaInfo
        {
            Container = Container(document.Format, content),
            BitRate = durationSeconds > 0 ? (long)Math.Round(sizeBytes * 8 / durationSeconds) : null,
            VideoCodec = video?.CodecName,
            AudioCodec = audio?.CodecName,
            Width = shown?.Width,
            Height = shown?.Height,
            Rotation = video is null ? null : Rotation(video),
            FrameRate = video is null ? null : FrameRate(video, timing),
            VariableFrameRate = timing?.IsVariable,
            Channels = audio?.Channels,
            SampleRate = audio?.SampleRate,
            Hdr = video is null ? null : Hdr(video),
            Streams = [.. document.Streams.Select(stream => Describe(stream, timings.GetValueOrDefault(stream.Index)))],
        };
    }

    public static string Container(FfprobeFormat format, SniffedContent content) => format.FormatName switch
    {
        // One demuxer for a whole family: the first bytes tell which.
        var name when name.StartsWith("mov,", StringComparison.Ordinal) || name.StartsWith("matroska", StringComparison.Ordinal) => content.Container ?? name.Split(',')[0],
        var name => name.Split(',')[0],
    };

    public static string ContentType(string container, bool hasVideo, SniffedContent content) => (container, hasVideo) switch
    {
        ("mp4", _) or ("m4a", _) => hasVideo ? "video/mp4" : "audio/mp4",
        ("mov", _) => "video/quicktime",
        ("3gp", _) => hasVideo ? "video/3gpp" : "audio/3gpp",
        ("3g2", _) => hasVideo ? "video/3gpp2" : "audio/3gpp2",
        ("webm", _) => hasVideo ? "video/webm" : "audio/webm",
        ("matroska", _) => hasVideo ? "video/x-matroska" : "audio/x-matroska",
        ("ogg", _) => hasVideo ? "video/ogg" : "audio/ogg",
        ("asf", _) => hasVideo ? "video/x-ms-wmv" : "audio/x-ms-wma",
        ("mpegts", _) => "video/mp2t",
        ("mp3", _) => "audio/mpeg",
        ("aac", _) => "audio/aac",
        ("wav", _) => "audio/wav",
        ("flac", _) => "audio/flac",
        _ => content.ContentType,
    };

    /// <summary>Degrees clockwise, to the next quarter turn: ffprobe counts the other way round.</summary>
    public static int Rotation(FfprobeStream video)
    {
        var counterClockwise = video.SideDataList.FirstOrDefault(data => data.Rotation is not null)?.Rotation ?? 0;
        var quarters = (int)Math.Round(-counterClockwise / 90) % 4;
        return (quarters + 4) % 4 * 90;
    }

    /// <summary>What a viewer sees: square pixels first, then turned.</summary>
    public static (int Width, int Height)? ShownSize(FfprobeStream video)
    {
        if (video is not { Width: > 0 and var width, Height: > 0 and var height })
        {
            return null;
        }

        var square = Rational.Parse(video.SampleAspectRatio) is { } sar ? Math.Max(1, (int)Math.Round(width * sar.Value)) : width;
        return Rotation(video) is 90 or 270 ? (height, square) : (square, height);
    }

    /// <summary>
    /// What the header tells is exact where it is right: the one of its rates that fits what was measured. Its average is too low where decoding
    /// times leap, as at the joints of a joined file, and its step is a mere clock where frame times vary; a live recording has none or wrong ones.
    /// </summary>
    internal static double? FrameRate(FfprobeStream video, StreamTiming? timing)
    {
        const double Close = 0.02;
        var (average, step) = (Rational.Parse(video.AvgFrameRate)?.Value, Rational.Parse(video.RFrameRate)?.Value);
        var rate = average;
        if (timing?.FrameRate is { } measured)
        {
            double Off(double? told) => Math.Abs((told ?? double.PositiveInfinity) - measured);
            var told = Off(step) < Off(average) ? step : average;
            rate = Off(told) <= measured * Close ? told : measured;
        }

        return rate is { } known ? Math.Round(known, 3) : null;
    }

    private static string? Hdr(FfprobeStream video) => video.ColorTransfer switch
    {
        "smpte2084" => "hdr10",
        "arib-std-b67" => "hlg",
        _ => null,
    };

    private static MediaStream Describe(FfprobeStream stream, StreamTiming? timing) => new()
    {
        Index = stream.Index,
        Kind = stream.CodecType is "video" or "audio" or "subtitle" ? stream.CodecType : "data",
        Codec = stream.CodecName,
        Profile = stream.Profile is "unknown" ? null : stream.Profile,
        Duration = timing is { } t ? Math.Round(t.End - t.Start, 6) : stream.Duration,
        BitRate = stream.BitRate,
        Width = stream.Width,
        Height = stream.Height,
        PixelFormat = stream.PixFmt,
        FrameRate = stream.IsVideo ? FrameRate(stream, timing) : null,
        FieldOrder = stream.FieldOrder is "tt" or "bb" or "tb" or "bt" ? stream.FieldOrder : null,
        SampleAspectRatio = Rational.Parse(stream.SampleAspectRatio) is { } sar && sar.Num != sar.Den ? stream.SampleAspectRatio : null,
        ColorTransfer = stream.ColorTransfer is "unknown" ? null : stream.ColorTransfer,
        Channels = stream.Channels,
        ChannelLayout = stream.ChannelLayout is "unknown" ? null : stream.ChannelLayout,
        SampleRate = stream.SampleRate,
        Language = Tag(stream, "language") is { } language && language != Undetermined ? language : null,
        AttachedPicture = stream.CodecType == "video" && stream.IsPicture,
    };

    private static string? Tag(FfprobeStream stream, string name) =>
        stream.Tags.FirstOrDefault(tag => tag.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
