using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Reads the packets' flags in a few places of a file; what it can't see there, the finished package shows.</summary>
internal sealed class KeyframeScan
{
    private const string ProbeBytes = "33554432";

    private double? _lastKey;
    private double _longestGap;
    private bool _startsWithKey;
    private bool _any;
    private bool _isCut;
    private bool _changes;

    /// <summary>A little more than the longest gap allowed, then a glance at the middle and at the end.</summary>
    public static IReadOnlyList<string> Arguments(VideoSource source, SourceVideo video, FfmpegOptions options)
    {
        FormattableString places = source.Duration is > 60 and var seconds
            ? $"%+{CopyCheck.MaxKeyframeGap + 2},{seconds / 2:0.000}%+0.5,{seconds - 1:0.000}%"
            : (FormattableString)$"%+{CopyCheck.MaxKeyframeGap + 2}";
        return
        [
            "-probesize", ProbeBytes, "-select_streams", video.Index.ToString(CultureInfo.InvariantCulture),
            "-show_entries", "packet=pts_time,flags:packet_side_data=side_data_type", "-of", "csv=p=0",
            "-read_intervals", places.ToString(CultureInfo.InvariantCulture), .. InputArguments.For(source.Input, options),
        ];
    }

    /// <param name="line"><c>0.033333,K_</c>, with names of side data behind.</param>
    public void Read(string line)
    {
        var parts = line.Split(',');
        if (parts.Length < 2 || !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var time))
        {
            return;
        }

        var isKey = parts[1].StartsWith('K');
        _startsWithKey |= !_any && isKey;
        _any = true;
        _isCut |= parts[1].Contains('D', StringComparison.Ordinal);
        _changes |= line.Contains("New Extradata", StringComparison.Ordinal);
        if (time - (_lastKey ?? time) is var gap && gap <= CopyCheck.MaxKeyframeGap + 2)
        {
            // More is a jump to the next place, not a gap.
            _longestGap = Math.Max(_longestGap, gap);
        }

        _lastKey = isKey || _lastKey is null ? time : _lastKey;
    }

    public IEnumerable<string> Reasons()
    {
        if (!_any || !_startsWithKey)
        {
            yield return "it does not start with a keyframe";
        }

        if (_isCut)
        {
            yield return "an edit list cuts into it";
        }

        if (_changes)
        {
            yield return "its parameters change on the way";
        }

        if (_longestGap > CopyCheck.MaxKeyframeGap)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"its keyframes are more than {CopyCheck.MaxKeyframeGap} s apart");
        }
    }
}
