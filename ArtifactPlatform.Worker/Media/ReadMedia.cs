using System.Text.Json;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>A file's headers and packets.</summary>
/// <param name="Tracks">By the stream's index.</param>
/// <param name="EndedEarly">The reader met the file's end too early.</param>
internal sealed record ProbedPackets(FfprobeDocument Document, IReadOnlyDictionary<int, PacketTrack> Tracks, bool EndedEarly);

/// <summary>Runs ffprobe and ffmpeg over a file to look at it, and tells a bad file from a store or machine in trouble.</summary>
public sealed class ReadMedia(MediaProcess process, RangeReader reader)
{
    /// <summary>What ffmpeg says when the bytes did not come, whatever they are.</summary>
    private static readonly string[] SourceTroubles =
    [
        "HTTP error", "Server returned", "Connection refused", "Connection timed out", "Connection reset", "Network is unreachable", "Failed to resolve",
        "Stream ends prematurely", "No such file or directory", "Permission denied", "Too many open files", "No space left", "error in the pull function",
    ];

    public FfmpegOptions Options => process.Options;

    public RangeReader Bytes => reader;

    internal async Task<FfprobeDocument> HeadersAsync(MediaInput input, CancellationToken ct)
    {
        var packets = new PacketReader();
        await RunAsync(
            input,
            new MediaCommand { Tool = MediaTool.Ffprobe, Purpose = "read headers", Arguments = ProbeArguments.Headers(input, Options), TimeLimit = Options.ProbeTimeLimit, OnLine = packets.Read },
            ct);
        return Parse(() => packets.Document);
    }

    /// <param name="input">A file or address.</param>
    /// <param name="intervals">Where to read, in ffprobe's form; null = everywhere.</param>
    /// <param name="ct">Ends the run.</param>
    internal async Task<ProbedPackets> PacketsAsync(MediaInput input, string? intervals, CancellationToken ct)
    {
        var packets = new PacketReader();
        var run = await RunAsync(
            input,
            new MediaCommand
            {
                Tool = MediaTool.Ffprobe,
                Purpose = "read packets",
                Arguments = ProbeArguments.Packets(input, Options, intervals),
                TimeLimit = Options.ScanTimeLimit,
                OnLine = packets.Read,
            },
            ct);
        var early = run.LastLines.Contains("partial file", StringComparison.Ordinal) || run.LastLines.Contains("File ended prematurely", StringComparison.Ordinal);
        return new(Parse(() => packets.Document), packets.Tracks, early);
    }

    /// <summary>Decodes the sound: right for any header, and without a coder's priming.</summary>
    /// <returns>Seconds from its first sample to its last; 0 when nothing could be decoded.</returns>
    internal async Task<double> SoundSecondsAsync(MediaInput input, FfprobeStream audio, SniffedContent content, CancellationToken ct)
    {
        // A decoder gives whole packets, but MP4 says what of the last one is to be heard.
        const double LongestPacketSeconds = 0.12;
        var decoded = (await DecodeAsync("measure sound", input, ProbeArguments.Decode(input, Options, audio.Index), Options.ScanTimeLimit, ct))?.OutTime?.TotalSeconds ?? 0;
        return content.IsIso && audio.Duration is { } told && decoded - told is > 0 and < LongestPacketSeconds ? told : decoded;
    }

    internal async Task<bool> HasFrameAsync(MediaInput input, int streamIndex, CancellationToken ct) =>
        await DecodeAsync("decode first frame", input, ProbeArguments.FirstFrame(input, Options, streamIndex), Options.ProbeTimeLimit, ct) is { Frame: > 0 };

    private async Task<FfmpegProgress?> DecodeAsync(string purpose, MediaInput input, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        FfmpegProgress? last = null;
        await RunAsync(input, new MediaCommand { Tool = MediaTool.Ffmpeg, Purpose = purpose, Arguments = arguments, TimeLimit = limit, OnProgress = progress => last = progress }, ct);
        return last;
    }

    private async Task<MediaRun> RunAsync(MediaInput input, MediaCommand command, CancellationToken ct)
    {
        try
        {
            var run = await process.RunAsync(command, ct);
            return input.Url is not null && IsSourceTrouble(run.LastLines) ? throw new MediaSourceException("The store broke off while the file was read.") : run;
        }
        catch (MediaProcessException e) when (e.Failure is not (MediaFailure.NotStarted or MediaFailure.Killed))
        {
            if (e.Failure == MediaFailure.Failed && IsSourceTrouble(e.LastLines))
            {
                throw new MediaSourceException("The file can't be read from the store at the moment.", e);
            }

            // The last doubt: one byte more, so that a store that has just gone down is not the file's fault.
            await reader.ReadAsync(input, 0, 1, ct);
            throw Explain(e);
        }
    }

    private static bool IsSourceTrouble(string lines) => Array.Exists(SourceTroubles, words => lines.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static MediaRejectedException Explain(MediaProcessException e)
    {
        if (e.LastLines.Contains("moov atom not found", StringComparison.Ordinal))
        {
            return MissingIndex(e);
        }

        if (e.LastLines.Contains("not on whitelist", StringComparison.Ordinal))
        {
            return e.LastLines.Contains("Protocol", StringComparison.Ordinal)
                ? new(RejectionCodes.PlaylistNotAllowed, "The file only points to other files. Give the media file itself.", null, e)
                : new(RejectionCodes.NotMedia, "The file is not audio or video in a format that is supported here.", null, e);
        }

        return e.Failure == MediaFailure.TimeLimit
            ? new(RejectionCodes.MediaUnreadable, "The file could not be read in a reasonable time; it is probably damaged. Re-export it and upload it again.", null, e)
            : new(RejectionCodes.MediaUnreadable, "The file is damaged: no audio or video can be read from it. Re-export it and upload it again.", null, e);
    }

    internal static MediaRejectedException MissingIndex(Exception? cause = null) => new(
        RejectionCodes.Mp4WithoutMoov,
        "The MP4 file has no index (moov), without which no player can read it: the recording or the transfer was cut off before its end. Upload the complete file.",
        null,
        cause);

    private static T Parse<T>(Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (JsonException e)
        {
            throw new MediaRejectedException(RejectionCodes.MediaUnreadable, "The file's headers can't be read. Re-export it and upload it again.", null, e);
        }
    }
}
