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
        var minFrom = MinFrom(packets);
        var first = Enumerable.Range(0, packets.Count).FirstOrDefault(i => IsClean(packets, minFrom, i) && packets[i].Pts >= from, packets.Count);
        var last = ClosedEnd(packets, minFrom, first, end);
        if (last < first)
        {
            return new(Encode(packets, minFrom, from, to), null, null);
        }

        var copyFrom = packets[first].Pts;
        var copyTo = minFrom[last + 1];
        return new(
            from < copyFrom ? Encode(packets, minFrom, from, copyFrom) : null,
            new CopyRange(copyFrom, first, last - first + 1),
            copyTo < end ? Encode(packets, minFrom, copyTo, to) : null);
    }

    /// <summary>For each place, the earliest time shown of all packets from there on; behind the last: never.</summary>
    private static long[] MinFrom(IReadOnlyList<PacketTimes> packets)
    {
        var minFrom = new long[packets.Count + 1];
        minFrom[packets.Count] = long.MaxValue;
        for (var i = packets.Count - 1; i >= 0; i--)
        {
            minFrom[i] = Math.Min(minFrom[i + 1], packets[i].Pts);
        }

        return minFrom;
    }

    /// <summary>A key frame behind which, in decoding order, nothing is shown before it.</summary>
    private static bool IsClean(IReadOnlyList<PacketTimes> packets, long[] minFrom, int index) => packets[index].IsKey && minFrom[index] == packets[index].Pts;

    /// <summary>Index of the last packet up to which all is shown before all that follows, and before the end; one below the first if there is none.</summary>
    private static int ClosedEnd(IReadOnlyList<PacketTimes> packets, long[] minFrom, int first, long end)
    {
        var best = first - 1;
        var max = long.MinValue;
        for (var i = first; i < packets.Count; i++)
        {
            max = Math.Max(max, packets[i].Pts);
            if (max >= end)
            {
                break;
            }

            if (max < minFrom[i + 1])
            {
                best = i;
            }
        }

        return best;
    }

    private static TimeRange? Encode(IReadOnlyList<PacketTimes> packets, long[] minFrom, long from, long? to)
    {
        var frames = packets.Count(p => p.Pts >= from && p.Pts < (to ?? long.MaxValue));
        var seek = packets[0].Pts;
        for (var i = 0; i < packets.Count && packets[i].Pts <= from; i++)
        {
            seek = IsClean(packets, minFrom, i) ? packets[i].Pts : seek;
        }

        return frames == 0 ? null : new TimeRange(from, to, frames, seek);
    }
}
