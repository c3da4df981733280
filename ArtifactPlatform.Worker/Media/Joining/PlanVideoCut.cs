namespace ArtifactPlatform.Worker.Media;

/// <summary>
/// Finds out what of a cut can be copied. A picture can be copied when all that it builds on is copied too: from a key frame
/// that nothing shown earlier follows, up to a point where everything decoded so far is shown before everything decoded later.
/// The few pictures outside that are encoded anew, which keeps the cut exact to the frame and the rest untouched.
/// </summary>
internal static class PlanVideoCut
{
    /// <param name="packets">In file (decoding) order.</param>
    /// <param name="from">First picture to show.</param>
    /// <param name="to">First picture not to show; null = to the end.</param>
    public static VideoCut Of(IReadOnlyList<PacketTimes> packets, long from, long? to)
    {
        var end = to ?? long.MaxValue;
        var keys = CleanKeys(packets);
        var copyFrom = keys.Where(key => key >= from).DefaultIfEmpty(long.MaxValue).First();
        var copyTo = copyFrom < end ? ClosedEnd(packets, copyFrom, end) : copyFrom;
        if (copyTo <= copyFrom)
        {
            return new(Range(packets, keys, from, to), null, null);
        }

        return new(
            from < copyFrom ? Range(packets, keys, from, copyFrom) : null,
            Range(packets, keys, copyFrom, copyTo == end ? to : copyTo),
            copyTo < end ? Range(packets, keys, copyTo, to) : null);
    }

    /// <summary>Times of key frames behind which, in decoding order, nothing is shown before them.</summary>
    private static List<long> CleanKeys(IReadOnlyList<PacketTimes> packets)
    {
        List<long> keys = [];
        var minAfter = long.MaxValue;
        for (var i = packets.Count - 1; i >= 0; i--)
        {
            if (packets[i].IsKey && minAfter > packets[i].Pts)
            {
                keys.Add(packets[i].Pts);
            }

            minAfter = Math.Min(minAfter, packets[i].Pts);
        }

        keys.Reverse();
        return keys;
    }

    /// <summary>The last point up to <paramref name="end"/> where what was decoded so far is all that is shown before it.</summary>
    private static long ClosedEnd(IReadOnlyList<PacketTimes> packets, long from, long end)
    {
        var minAfter = new long[packets.Count + 1];
        minAfter[packets.Count] = long.MaxValue;
        for (var i = packets.Count - 1; i >= 0; i--)
        {
            minAfter[i] = Math.Min(minAfter[i + 1], packets[i].Pts);
        }

        var best = from;
        var maxBefore = long.MinValue;
        for (var i = 0; i < packets.Count && minAfter[i] < end; i++)
        {
            maxBefore = Math.Max(maxBefore, packets[i].Pts);
            if (maxBefore < minAfter[i + 1] && maxBefore < end && maxBefore >= from)
            {
                best = Math.Min(minAfter[i + 1], end);
            }
        }

        return best;
    }

    private static TimeRange? Range(IReadOnlyList<PacketTimes> packets, List<long> keys, long from, long? to)
    {
        var frames = packets.Count(p => p.Pts >= from && p.Pts < (to ?? long.MaxValue));
        var seek = keys.Where(key => key <= from).DefaultIfEmpty(packets.Count > 0 ? packets[0].Pts : 0).Last();
        return frames == 0 ? null : new TimeRange(from, to, frames, seek);
    }
}
