using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Reads what encoding needs to know about a source, with one run of ffprobe, and refuses what can't be encoded.</summary>
public sealed class InspectSource(ReadMedia media)
{
    /// <exception cref="MediaRejectedException">The file can't be made playable; says why.</exception>
    /// <exception cref="MediaSourceException">The store does not give the bytes at the moment.</exception>
    /// <exception cref="Ffmpeg.MediaProcessException">ffprobe could not run, or was killed from outside.</exception>
    public async Task<VideoSource> RunAsync(ProbeInput input, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(input);
        var file = await FileWindow.OpenAsync(media.Bytes, input.Source, input.SizeBytes, ct);
        var content = ContentSniffer.Sniff(file.Head);
        if (ContentSniffer.Judge(content, ArtifactType.Video) is { } verdict)
        {
            throw verdict;
        }

        // Side by side, for somebody waits to see the video; what the layout tells is the better explanation.
        var headers = media.HeadersAsync(input.Source, ct);
        IReadOnlyList<double> cuts = [];
        try
        {
            if (content.IsIso)
            {
                var layout = (await Mp4Layout.ReadAsync(file, ct)).Check(input.SizeBytes);
                // Of fragments ffmpeg itself shows everything, and so do we.
                cuts = layout is { IndexAt: { } index, IsFragmented: false } ? await EditLists.ReadAsync(file, index, ct) : [];
            }
        }
        catch
        {
            await headers.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }

        var source = Describe(input, await headers, cuts);
        return PictureLimits.Verdict(source, media.Options.MaxVideoDuration) is { } refused ? throw refused : source;
    }

    /// <param name="input">The file.</param>
    /// <param name="document">What ffprobe told of it.</param>
    /// <param name="cuts">Seconds that edit lists leave out, by stream; none for a file without edit lists.</param>
    /// <exception cref="MediaRejectedException">It can't be made playable; says why.</exception>
    internal static VideoSource Describe(ProbeInput input, FfprobeDocument document, IReadOnlyList<double> cuts)
    {
        var main = MainStreams.Of(document);
        if (CheckStreams.Verdict(document, main.Video is null && main.Audio is not null ? ArtifactType.Audio : ArtifactType.Video) is { } unfit)
        {
            throw unfit;
        }

        var start = document.Format.StartTime ?? 0;
        var audio = document.Streams.Where(IsUsable).OrderByDescending(s => s.Index == main.Audio?.Index).ThenBy(s => s.Index);
        return new(
            input.Source,
            input.SizeBytes,
            document.Format.FormatName.Split(',')[0],
            document.Format.Duration is > 0 and var seconds ? seconds : null,
            main.Video is null ? null : DescribeVideo(main.Video, start),
            [.. audio.Select(stream => DescribeAudio(stream, start, stream.Index == main.Audio?.Index, cuts.ElementAtOrDefault(stream.Index)))]);
    }

    private static bool IsUsable(FfprobeStream stream) => stream.IsAudio && stream.CodecName is not (null or "none" or "unknown") && stream is { Channels: > 0, SampleRate: > 0 };

    private static SourceVideo DescribeVideo(FfprobeStream video, double start)
    {
        if (DescribeMedia.ShownSize(video) is not { } shown)
        {
            throw new MediaRejectedException(RejectionCodes.MediaUnreadable, "The video has no picture size: the file is damaged. Re-export it and upload it again.");
        }

        var rate = Rates.Of(video);
        return new SourceVideo
        {
            Index = video.Index,
            Codec = video.CodecName ?? "",
            Tag = video.CodecTagString ?? "",
            Profile = video.Profile ?? "",
            PixelFormat = video.PixFmt ?? "",
            CodedWidth = video.Width ?? 0,
            CodedHeight = video.Height ?? 0,
            Width = shown.Width,
            Height = shown.Height,
            Rotation = DescribeMedia.Rotation(video),
            IsTurned = video.SideDataList.Any(data => data.SideDataType == "Display Matrix"),
            HasSquarePixels = Rational.Parse(video.SampleAspectRatio) is not { } sar || sar.Num == sar.Den,
            IsInterlaced = video.FieldOrder is "tt" or "bb" or "tb" or "bt",
            ColorTransfer = Known(video.ColorTransfer),
            ColorSpace = Known(video.ColorSpace),
            ColorPrimaries = Known(video.ColorPrimaries),
            ColorRange = Known(video.ColorRange),
            RateFraction = rate.Average?.ToString(),
            FrameRate = rate.Average?.Value ?? SourceVideo.DefaultFrameRate,
            IsVariableRate = rate.IsVariable,
            GridFraction = rate.Grid?.ToString(),
            Start = Math.Max((video.StartTime ?? start) - start, 0),
            Duration = video.Duration,
            BitRate = video.BitRate,
            DolbyProfile = video.SideDataList.Select(data => data.DvProfile).FirstOrDefault(profile => profile is not null),
        };
    }

    private static SourceAudio DescribeAudio(FfprobeStream audio, double start, bool isDefault, double cut) => new(
        audio.Index,
        audio.CodecName ?? "",
        audio.Profile ?? "",
        audio.Channels ?? 0,
        audio.SampleRate ?? 0,
        Tag(audio, "language"),
        Tag(audio, "title"),
        isDefault,
        (audio.StartTime ?? start) - start,
        cut);

    private static string? Tag(FfprobeStream stream, string name) =>
        stream.Tags.FirstOrDefault(tag => tag.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private static string? Known(string? name) => name is null or "unknown" or "reserved" ? null : name;

    /// <param name="Average">Null when the file does not say.</param>
    /// <param name="Grid">Null when frame times lie on none that is worth keeping.</param>
    private sealed record Rates(Rational? Average, Rational? Grid, bool IsVariable)
    {
        /// <summary>Above this, a rate is the clock that times are counted in, not a rate of frames.</summary>
        private const double MaxSane = 300;

        public static Rates Of(FfprobeStream video)
        {
            // A writer's rounding to milliseconds is no variation.
            const double Differs = 0.01;
            var average = Sane(video.AvgFrameRate);
            var step = Sane(video.RFrameRate);
            return average is { } a && step is { } r
                ? new(a, r, Math.Abs(a.Value - r.Value) > a.Value * Differs)
                : new(average ?? step, step, IsVariable: average is null || Rational.Parse(video.RFrameRate) is not null);
        }

        private static Rational? Sane(string? text) => Rational.Parse(text) is { } rate && rate.Value < MaxSane ? rate : null;
    }
}
