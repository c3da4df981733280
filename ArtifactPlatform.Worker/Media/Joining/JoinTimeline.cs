namespace ArtifactPlatform.Worker.Media;

/// <summary>Where one fragment goes. Seconds on the joined timeline, whose 0 is the first fragment's <see cref="FragmentFacts.Zero"/>.</summary>
/// <param name="Facts">The fragment.</param>
/// <param name="PlacedAt">Where it begins.</param>
/// <param name="Duration">Until the next one begins.</param>
/// <param name="Sound">Its packets; null without sound.</param>
internal sealed record PlacedFragment(FragmentFacts Facts, double PlacedAt, double Duration, PlacedSound? Sound);

/// <param name="StartAt">Where the first packet goes: within half a packet of where it belongs.</param>
/// <param name="First">Index of the first packet that is taken.</param>
/// <param name="Last">Index of the last.</param>
/// <param name="SourceStart">Where the first packet begins, from the fragment's zero.</param>
/// <param name="SourceLast">Where the last packet begins, from the fragment's zero.</param>
/// <param name="EndAt">Where the last packet ends.</param>
/// <param name="SilentPackets">Silence to put before, because the sound before ended early.</param>
internal sealed record PlacedSound(double StartAt, long First, long Last, double SourceStart, double SourceLast, double EndAt, int SilentPackets);

/// <summary>
/// Puts fragments end to end. The picture sets the pace, each fragment starting where the one before ends, from exact sums: nothing
/// builds up over a thousand of them. Sound is copied in whole packets, so at each join the packets are chosen that come nearest
/// to the picture: sound runs on without gap or overlap, and is never more than half a packet (11 ms of AAC) off.
/// </summary>
internal static class JoinTimeline
{
    /// <summary>Sound that goes on longer than the picture by more than this many packets is meant to be heard: the last picture stays.</summary>
    private const int TrimmedPackets = 2;

    /// <param name="fragments">In joining order.</param>
    /// <param name="canFill">Silence can be made in the sound's format.</param>
    public static IReadOnlyList<PlacedFragment> Of(IReadOnlyList<FragmentFacts> fragments, bool canFill)
    {
        List<PlacedFragment> placed = new(fragments.Count);
        var at = 0.0;
        double? cursor = null;
        for (var i = 0; i < fragments.Count; i++)
        {
            var facts = fragments[i];
            var nextLate = i + 1 < fragments.Count ? LateStart(fragments[i + 1]) : 0;
            var duration = facts.Duration + Overhang(facts, nextLate);
            var sound = facts.Audio is { Packets.Count: > 0 } audio ? Place(facts, audio, at, at + duration + nextLate, cursor, canFill) : null;
            placed.Add(new PlacedFragment(facts, at, duration, sound));
            cursor = sound?.EndAt ?? cursor;
            at += duration;
        }

        return placed;
    }

    /// <summary>How much later than its picture a fragment's sound begins: up to there the sound before may go on.</summary>
    private static double LateStart(FragmentFacts facts) =>
        facts.Audio is { Packets.Count: > 0 } audio ? Math.Max(0, audio.Packets[0].Start - facts.Zero) : 0;

    private static double Overhang(FragmentFacts facts, double nextLate)
    {
        if (facts.Video is not { } video || facts.Audio is not { Packets.Count: > 0 } audio || facts.Fragment.OutPoint is not null)
        {
            return 0;
        }

        var longer = audio.Packets[^1].End - facts.Zero - facts.Duration - nextLate;
        return longer > Math.Max(video.FrameSeconds, TrimmedPackets * audio.PacketSeconds) ? longer : 0;
    }

    private static PlacedSound Place(FragmentFacts facts, AudioFacts audio, double at, double endsAt, double? cursor, bool canFill)
    {
        var packets = audio.Packets;
        var first = cursor is { } c ? Nearest(packets, p => at + p.Start - facts.Zero - c) : WithPriming(packets, facts.Zero, audio.PacketSeconds);
        if (KeepsFirst(facts))
        {
            first = 0;
        }

        var sourceStart = packets[first].Start - facts.Zero;
        var belongsAt = at + sourceStart;
        var gap = cursor is { } end ? belongsAt - end : 0;
        var silent = canFill && gap > audio.PacketSeconds / 2 ? (int)Math.Round(gap / audio.PacketSeconds) : 0;
        var startAt = cursor is null || (!canFill && gap > audio.PacketSeconds / 2)
            ? belongsAt
            : cursor.Value + (silent * audio.PacketSeconds);
        var last = first + Nearest(packets.Skip(first), p => startAt + p.End - packets[first].Start - endsAt);
        return new PlacedSound(startAt, packets[first].Index, packets[last].Index, sourceStart, packets[last].Start - facts.Zero, startAt + packets[last].End - packets[first].Start, silent);
    }

    /// <summary>
    /// An MP3 frame leans on bytes of the frames before it, but the first of a file does not: what begins there decodes cleanly. A cut
    /// file was encoded anew, so its first frame is a first frame too.
    /// </summary>
    private static bool KeepsFirst(FragmentFacts facts) => facts.Video is null && facts.Main.Audio?.CodecName == "mp3";

    /// <summary>The very first packet is the one before time 0 where there is one: a decoder needs it to get into step.</summary>
    private static int WithPriming(IReadOnlyList<SoundPacket> packets, double zero, double packetSeconds)
    {
        const double Rounding = 1.01;
        for (var i = 0; i < packets.Count; i++)
        {
            if (packets[i].Start - zero >= -packetSeconds * Rounding)
            {
                return i;
            }
        }

        return packets.Count - 1;
    }

    private static int Nearest(IEnumerable<SoundPacket> packets, Func<SoundPacket, double> distance)
    {
        var (best, index, at) = (double.MaxValue, 0, 0);
        foreach (var packet in packets)
        {
            var off = Math.Abs(distance(packet));
            if (off < best)
            {
                (best, index) = (off, at);
            }

            at++;
        }

        return index;
    }
}
