namespace ArtifactPlatform.Worker.Media;

/// <summary>One stream's times, measured from its packets.</summary>
/// <param name="Start">Seconds, when the first packet is shown.</param>
/// <param name="End">Seconds, when the last one has been.</param>
/// <param name="FrameRate">Packets per second over what was read; null for fewer than two.</param>
/// <param name="IsVariable">The time between packets varies; null when there are too few to tell.</param>
internal sealed record StreamTiming(double Start, double End, double? FrameRate, bool? IsVariable)
{
    /// <summary>A share of odd steps below this is a dropped frame here and there, not a variable rate.</summary>
    private const double OddShare = 0.02;

    private const double OddByShareOfFrame = 0.03;

    /// <summary>Jumps between the places that were read, and pauses, are no steps.</summary>
    private const double MaxStepSeconds = 2;

    /// <returns>Null when no packet is shown.</returns>
    public static StreamTiming? Of(PacketTrack? track, FfprobeStream stream)
    {
        if (track is not { Count: > 0 } || Rational.Parse(stream.TimeBase) is not { } unit)
        {
            return null;
        }

        var pts = track.First.Select(p => p.Pts).Distinct().Order().ToArray();
        var lastFrame = track.MaxEnd > track.MaxPts || !stream.IsVideo ? 0 : FrameSeconds(stream, pts, unit);
        var rate = pts.Length > 1 ? (pts.Length - 1) / ((pts[^1] - pts[0]) * unit.Value) : (double?)null;
        return new(track.MinPts * unit.Value, (track.MaxEnd * unit.Value) + lastFrame, rate, stream.IsVideo ? IsVarying(pts, unit) : null);
    }

    /// <param name="sorted">Times in <paramref name="unit"/>s, ascending, no doubles.</param>
    /// <param name="unit">Seconds per step of a time.</param>
    internal static bool? IsVarying(long[] sorted, Rational unit)
    {
        const int MinSteps = 2;
        var steps = new long[Math.Max(sorted.Length - 1, 0)];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = sorted[i + 1] - sorted[i];
        }

        steps = [.. steps.Where(step => step * unit.Value <= MaxStepSeconds)];
        if (steps.Length < MinSteps)
        {
            return null;
        }

        var median = steps.Order().ElementAt(steps.Length / 2);
        // A rate that the unit can't express exactly makes steps of n and n + 1.
        var allowed = Math.Max(1, median * OddByShareOfFrame);
        var odd = steps.Count(step => Math.Abs(step - median) > allowed);
        return odd >= MinSteps && odd > steps.Length * OddShare;
    }

    /// <summary>How long the last picture stays where the container does not say.</summary>
    private static double FrameSeconds(FfprobeStream stream, long[] pts, Rational unit) =>
        Rational.Parse(stream.AvgFrameRate) is { } rate ? 1 / rate.Value
            : pts.Length > 1 ? (pts[^1] - pts[^2]) * unit.Value
            : 0;
}
