using System.Globalization;

namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>How far a run of ffmpeg is, from <c>-progress</c>.</summary>
/// <param name="OutTime">End of what was written, on the output's timeline; null before the first packet.</param>
/// <param name="Frame">Video frames written; null without video.</param>
/// <param name="Speed">Media time by wall time; null when not known yet.</param>
/// <param name="TotalSizeBytes">Bytes written; null where the output has no size.</param>
/// <param name="IsEnd">The last report.</param>
public sealed record FfmpegProgress(TimeSpan? OutTime, long? Frame, double? Speed, long? TotalSizeBytes, bool IsEnd);

/// <summary>Puts <c>-progress</c> lines (<c>key=value</c>, a block ends with <c>progress=</c>) together.</summary>
public sealed class ProgressReader(Action<FfmpegProgress> report)
{
    private TimeSpan? _outTime;
    private long? _frame;
    private double? _speed;
    private long? _size;

    public void Read(ReadOnlySpan<char> line)
    {
        var at = line.IndexOf('=');
        if (at <= 0)
        {
            return;
        }

        var value = line[(at + 1)..].Trim();
        switch (line[..at].Trim())
        {
            case "out_time_us":
                _outTime = Whole(value) is { } us ? TimeSpan.FromMicroseconds(us) : _outTime;
                break;
            case "frame":
                _frame = Whole(value) ?? _frame;
                break;
            case "total_size":
                _size = Whole(value) ?? _size;
                break;
            case "speed":
                _speed = double.TryParse(value.TrimEnd('x'), NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) ? speed : null;
                break;
            case "progress":
                report(new FfmpegProgress(_outTime, _frame, _speed, _size, value is "end"));
                break;
        }
    }

    private static long? Whole(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
