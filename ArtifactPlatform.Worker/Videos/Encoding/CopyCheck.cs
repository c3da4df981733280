using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Why one stream can't be packaged as it is.</summary>
/// <param name="Stream"><c>video</c>, <c>audio</c>, or <c>audio 2</c> for the second one.</param>
/// <param name="Index">Among all streams of the file.</param>
/// <param name="Reason">Plain words, which go on after the stream and a colon.</param>
public sealed record CopyReason(string Stream, int Index, string Reason)
{
    public override string ToString() => $"{Stream}: {Reason}";
}

/// <summary>Whether a source's streams play everywhere as they are, so that packaging needs no encoding.</summary>
public sealed class CopyCheck(SourceRun runs)
{
    /// <summary>Seconds from one keyframe to the next: what a viewer waits for at most after a jump.</summary>
    public const double MaxKeyframeGap = 10;

    /// <summary>Above this many times the ladder's own rate, a stream is a camera's, not a network's.</summary>
    private const double FatFactor = 3;

    /// <summary>Bits a second that any network carries, whatever the size.</summary>
    private const double AnyoneBitsPerSecond = 2e6;

    /// <summary>Seconds that starts may lie apart and still be called together: a third of a frame or so, and a coder's priming.</summary>
    internal const double StartTolerance = 0.05;

    /// <summary>What an AAC encoder itself has edit lists leave out: ffmpeg's 1,024, FDK's 2,048, Apple's 2,112, Nero's 2,624.</summary>
    private const double MaxPrimingSamples = 3 * 1024;

    /// <summary>Containers that keep a stream's set-up data in one place; elsewhere it may change on the way.</summary>
    private static readonly string[] Containers = ["mov", "matroska", "flv"];

    private static readonly string[] Profiles = ["High", "Main", "Baseline", "Constrained Baseline", "Constrained High"];

    /// <summary>All that the headers tell.</summary>
    /// <returns>Empty: as far as they tell, the source can be copied whole.</returns>
    public static IReadOnlyList<CopyReason> FromHeaders(VideoSource source, string? quality)
    {
        ArgumentNullException.ThrowIfNull(source);
        var reasons = source.Video is { } video
            ? Container(source).Concat(Format(video)).Concat(Shape(video, quality)).Select(reason => new CopyReason("video", video.Index, reason))
            : [];
        var sound = source.Audio.SelectMany((audio, at) => Container(source).Concat(Sound(audio))
            .Select(reason => new CopyReason(at == 0 ? "audio" : Text($"audio {at + 1}"), audio.Index, reason)));
        return [.. reasons, .. sound];
    }

    /// <summary>What only the picture's packets tell, by a look at a few places.</summary>
    /// <inheritdoc cref="SourceRun.RunAsync" path="/exception"/>
    public async Task<IReadOnlyList<CopyReason>> FromPacketsAsync(VideoSource source, SourceVideo video, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(video);
        var scan = new KeyframeScan();
        await runs.RunAsync(source.Input, new MediaCommand { Tool = MediaTool.Ffprobe, Purpose = "find keyframes", Arguments = KeyframeScan.Arguments(source, video, runs.Options), TimeLimit = runs.Options.ProbeTimeLimit, OnLine = scan.Read }, ct);
        return [.. scan.Reasons().Select(reason => new CopyReason("video", video.Index, reason))];
    }

    private static IEnumerable<string> Container(VideoSource source)
    {
        if (!Containers.Contains(source.Container))
        {
            yield return $"in {source.Container}, where a stream's parameters may change on the way";
        }
    }

    private static IEnumerable<string> Format(SourceVideo video)
    {
        if (video.Codec != "h264")
        {
            yield return $"{video.Codec} is not H.264";
            yield break;
        }

        if (video.Tag == "avc3")
        {
            yield return "its parameters may change on the way (avc3)";
        }

        if (video.PixelFormat is not ("yuv420p" or "yuvj420p"))
        {
            yield return $"{video.PixelFormat} is not 8-bit 4:2:0";
        }
        else if (!Profiles.Contains(video.Profile))
        {
            yield return $"H.264 {video.Profile} does not play everywhere";
        }

        if (video.IsHdr)
        {
            yield return "HDR does not show right everywhere";
        }

        if (video.IsInterlaced)
        {
            yield return "it is interlaced";
        }
    }

    private static IEnumerable<string> Shape(SourceVideo video, string? quality)
    {
        if (video.Rotation != 0)
        {
            yield return Text($"it is to be turned by {video.Rotation}°");
        }

        if (!video.HasSquarePixels)
        {
            yield return "its pixels are not square";
        }

        if (video.CodedWidth % 2 != 0 || video.CodedHeight % 2 != 0)
        {
            yield return Text($"{video.CodedWidth}x{video.CodedHeight} has an odd side");
        }

        var top = Ladder.For(video.Width, video.Height, video.FrameRate, quality)[0];
        if (top.Height < video.Height / 2 * 2 || top.Width < video.Width / 2 * 2)
        {
            yield return Text($"{video.Width}x{video.Height} is larger than the {top.Width}x{top.Height} asked for");
        }

        // Half a frame: 59.94 and 60 are written in many ways.
        if (video.FrameRate > Ladder.MaxFrameRate + 0.5)
        {
            yield return Text($"{video.FrameRate:0.##} frames a second are more than {Ladder.MaxFrameRate}");
        }

        if (video.BitRate > Math.Max(top.Kbps * 1000 * FatFactor, AnyoneBitsPerSecond))
        {
            yield return Text($"{video.BitRate / 1e6:0.#} Mb/s are too many to stream at this size");
        }

        if (video.Start > StartTolerance)
        {
            yield return Text($"it starts {video.Start:0.00} s into the file");
        }
    }

    private static IEnumerable<string> Sound(SourceAudio audio)
    {
        if (audio.Codec != "aac" || audio.Profile != "LC")
        {
            yield return audio.Codec == "aac" ? $"AAC {audio.Profile} is not AAC-LC" : $"{audio.Codec} is not AAC";
        }

        if (audio.Channels > 2)
        {
            yield return Text($"{audio.Channels} channels do not play everywhere");
        }

        if (audio.SampleRate is not (44100 or 48000))
        {
            yield return Text($"{audio.SampleRate} Hz is neither 44,100 nor 48,000");
        }

        if (Math.Abs(audio.Start) > StartTolerance)
        {
            yield return Text($"it starts {audio.Start:0.00} s {(audio.Start > 0 ? "into" : "before")} the file");
        }

        if (audio.Cut * audio.SampleRate > MaxPrimingSamples)
        {
            // A copy would keep what was cut: players of segments take no more off than the coder's priming.
            yield return Text($"an edit list cuts {audio.Cut:0.00} s out of it");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
