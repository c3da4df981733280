using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Looks inside a stored file: is it what it should be, is it whole, how long is it, what does it hold.</summary>
public sealed class MediaProbe(ReadMedia media)
{
    /// <summary>Up to this size or length every packet is read, which takes a second; above, a sound index is trusted and only sampled.</summary>
    private const long ReadWholeBytes = 64L << 20;

    private const double ReadWholeSeconds = 60;

    /// <summary>Seconds by which a file may end before its header says so: writers round.</summary>
    private const double IndexTolerance = 0.5;

    private const double HeaderTolerance = 1;
    private const double HeaderToleranceShare = 0.02;
    private const double SoundTolerance = 0.2;

    /// <param name="input">Where the file is.</param>
    /// <param name="type"><see cref="ArtifactType.Video"/> or <see cref="ArtifactType.Audio"/>; scripts go to <see cref="TextCheck"/>.</param>
    /// <param name="ct">Ends every process.</param>
    /// <exception cref="MediaRejectedException">The file is not acceptable; says why.</exception>
    /// <exception cref="MediaSourceException">The store does not give the bytes at the moment.</exception>
    /// <exception cref="MediaProcessException">ffmpeg could not run, or was killed from outside.</exception>
    public async Task<ProbeResult> ProbeAsync(ProbeInput input, ArtifactType type, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (type == ArtifactType.Script)
        {
            throw new ArgumentException("A script is no media.", nameof(type));
        }

        var file = await FileWindow.OpenAsync(media.Bytes, input.Source, input.SizeBytes, ct);
        var head = file.Head;
        var content = ContentSniffer.Sniff(head);
        if (ContentSniffer.Judge(content, type) is { } verdict)
        {
            throw verdict;
        }

        var layout = content.IsIso ? (await Mp4Layout.ReadAsync(file, ct)).Check(input.SizeBytes) : null;
        if (ClaimedLength.OfAvi(head) is { } told && told > input.SizeBytes)
        {
            throw Truncated($"it says that it has {told} bytes, and {input.SizeBytes} are there");
        }

        var whole = type == ArtifactType.Video && input.SizeBytes <= ReadWholeBytes ? await media.PacketsAsync(input.Source, intervals: null, ct) : null;
        var document = whole?.Document ?? await media.HeadersAsync(input.Source, ct);
        if (CheckStreams.Verdict(document, type) is { } unfit)
        {
            throw unfit;
        }

        var main = MainStreams.Of(document);
        if (type == ArtifactType.Video && main.Video is not null && !await media.HasFrameAsync(input.Source, main.Video.Index, ct))
        {
            throw new MediaRejectedException(RejectionCodes.MediaUnreadable, "Not one picture of the video can be decoded: the file is damaged. Re-export it and upload it again.");
        }

        var timings = type == ArtifactType.Video || main.Video is not null
            ? await MeasurePacketsAsync(input, document, layout, type, whole, ct)
            : [];
        var duration = Span(timings, content.IsIso && layout is not { IsFragmented: true });
        if (type == ArtifactType.Audio)
        {
            var sound = await MeasureSoundAsync(input, content, head, main, ct);
            duration = Math.Max(duration, sound);
            document = timings.Count > 0 ? document : Measured(document, sound);
        }

        var facts = DescribeMedia.From(document, content, timings, duration, input.SizeBytes);
        return new ProbeResult
        {
            Media = facts,
            DurationSeconds = Math.Round(duration, 6),
            ContentType = DescribeMedia.ContentType(facts.Container, main.Video is not null, content),
        };
    }

    /// <param name="whole">All packets, where they were read together with the headers.</param>
    private async Task<Dictionary<int, StreamTiming>> MeasurePacketsAsync(ProbeInput input, FfprobeDocument document, Mp4Layout? layout, ArtifactType type, ProbedPackets? whole, CancellationToken ct)
    {
        var intervals = whole is null ? SampleWhere(input, document, layout) : null;
        var (_, tracks, endedEarly) = whole ?? await media.PacketsAsync(input.Source, intervals, ct);
        Dictionary<int, StreamTiming> timings = [];
        foreach (var stream in MainStreams.Of(document).All)
        {
            if (StreamTiming.Of(tracks.GetValueOrDefault(stream.Index), stream) is { } timing)
            {
                timings[stream.Index] = intervals is null ? timing : WithIndex(timing, stream);
            }
        }

        if (endedEarly)
        {
            throw Truncated($"it ends in the middle");
        }

        if (timings.Count == 0 && type == ArtifactType.Video)
        {
            throw layout is null
                ? new MediaRejectedException(RejectionCodes.MediaUnreadable, "The file holds no pictures. Re-export it and upload it again.")
                : Truncated($"none of its pictures is there");
        }

        CheckLength(document, timings, layout is { IsFragmented: false });
        return timings;
    }

    /// <returns>Null = read everything: the file is small, or its index can't be relied on.</returns>
    private static string? SampleWhere(ProbeInput input, FfprobeDocument document, Mp4Layout? layout)
    {
        var hasIndex = layout is { IsFragmented: false } || document.Format.FormatName.StartsWith("matroska", StringComparison.Ordinal);
        return hasIndex && input.SizeBytes > ReadWholeBytes && document.Format.Duration is > ReadWholeSeconds and var duration
            ? ProbeArguments.Intervals(Math.Max(document.Format.StartTime ?? 0, 0), duration)
            : null;
    }

    /// <summary>The rate over the whole file stands in the index; where the samples differ from it, the rate varies.</summary>
    private static StreamTiming WithIndex(StreamTiming timing, FfprobeStream stream)
    {
        const double Differs = 0.01;
        var average = Rational.Parse(stream.AvgFrameRate)?.Value;
        var step = Rational.Parse(stream.RFrameRate)?.Value;
        var varies = average is { } a && step is { } r && Math.Abs(a - r) > a * Differs;
        return timing with { FrameRate = average, IsVariable = stream.IsVideo ? timing.IsVariable is true || varies : null };
    }

    private static void CheckLength(FfprobeDocument document, Dictionary<int, StreamTiming> timings, bool isIndexed)
    {
        if (isIndexed)
        {
            foreach (var stream in document.Streams.Where(s => timings.ContainsKey(s.Index)))
            {
                if ((stream.StartTime ?? 0) + (stream.Duration ?? 0) - timings[stream.Index].End is > IndexTolerance and var missing)
                {
                    throw Truncated($"the last {missing:0.0} s of {stream.CodecType} are missing");
                }
            }
        }
        else if (document.Format.FormatName is "flv" || document.Format.FormatName.StartsWith("matroska", StringComparison.Ordinal))
        {
            var end = timings.Values.Select(t => t.End).DefaultIfEmpty().Max();
            if (document.Format.Duration is { } told && told - end > HeaderTolerance + (told * HeaderToleranceShare))
            {
                throw Truncated($"it says that it is {told:0.0} s long, and {end:0.0} s are there");
            }
        }
    }

    /// <summary>
    /// The sound as decoding measured it. A length that a file does not hold was guessed from the rate of its first frames, and so
    /// is wrong together with that rate; their product is what the file has, so the true rate follows.
    /// </summary>
    private static FfprobeDocument Measured(FfprobeDocument document, double seconds)
    {
        const double Differs = 0.01;
        var audio = MainStreams.Of(document).Audio;
        return document with { Streams = [.. document.Streams.Select(stream => stream == audio ? Corrected(stream) : stream)] };

        FfprobeStream Corrected(FfprobeStream stream) => stream with
        {
            Duration = Math.Round(seconds, 6),
            BitRate = stream is { BitRate: { } rate, Duration: { } told } && Math.Abs(told - seconds) > seconds * Differs ? (long)Math.Round(rate * told / seconds) : stream.BitRate,
        };
    }

    private async Task<double> MeasureSoundAsync(ProbeInput input, SniffedContent content, byte[] head, MainStreams main, CancellationToken ct)
    {
        var audio = main.Audio ?? throw new InvalidOperationException("Checked to be there.");
        var sound = await media.SoundSecondsAsync(input.Source, audio, content, ct);
        if (sound <= 0)
        {
            throw new MediaRejectedException(RejectionCodes.MediaUnreadable, "No sound can be decoded from the file: it is damaged. Re-export it and upload it again.");
        }

        var tag = FrameSync.Id3Bytes(head);
        var start = tag == 0 ? head : await media.Bytes.ReadAsync(input.Source, tag, ContentSniffer.HeadBytes, ct);
        return ClaimedLength.Of(start) is { } told && told - sound > SoundTolerance
            ? throw Truncated($"it says that it is {told:0.0} s long, and {sound:0.0} s are there")
            : sound;
    }

    /// <param name="timings">Of the main streams.</param>
    /// <param name="fromZero">The timeline begins at 0, so a late start counts; elsewhere it is an accident of the recording.</param>
    private static double Span(Dictionary<int, StreamTiming> timings, bool fromZero)
    {
        if (timings.Count == 0)
        {
            return 0;
        }

        var start = Math.Max(timings.Values.Min(t => t.Start), 0);
        return timings.Values.Max(t => t.End) - (fromZero ? 0 : start);
    }

    private static MediaRejectedException Truncated(FormattableString how) => new(
        RejectionCodes.Truncated,
        $"The file was cut off: {how.ToString(System.Globalization.CultureInfo.InvariantCulture)}. Upload the complete file.");
}
