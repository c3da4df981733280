namespace ArtifactPlatform.Worker.Media;

/// <summary>One packet, times in the stream's own units.</summary>
/// <param name="Pts">When it is shown.</param>
/// <param name="Duration">0 when the container does not say.</param>
internal readonly record struct PacketTimes(long Pts, int Duration, bool IsKey);

/// <summary>What a scan keeps of one stream's packets: counts and extremes of all, times of a bounded number.</summary>
internal sealed class PacketTrack
{
    /// <summary>18 h of video at 30 frames/s, in 32 MB; what is longer is judged by its beginning.</summary>
    public const int MaxKept = 2_000_000;

    private readonly List<PacketTimes> _first = [];

    /// <summary>Packets that are shown, those outside an edit list left out.</summary>
    public long Count { get; private set; }

    /// <summary>Packets in the file.</summary>
    public long TotalCount { get; private set; }

    public long MinPts { get; private set; } = long.MaxValue;

    /// <summary>Of what is shown: where the last packet ends.</summary>
    public long MaxEnd { get; private set; } = long.MinValue;

    public long MaxPts { get; private set; } = long.MinValue;

    /// <summary>How often a decoding time was not above the one before.</summary>
    public long BackwardSteps { get; private set; }

    /// <summary>The first <see cref="MaxKept"/> in file order, those outside an edit list too (a coder's priming has a negative time).</summary>
    public IReadOnlyList<PacketTimes> First => _first;

    /// <summary>Each packet came with a decoding time. Matroska has none, and where pictures are reordered the first can't be worked out.</summary>
    public bool HasDecodingTimes { get; private set; } = true;

    private long? LastDts { get; set; }

    /// <param name="packet">The next in file order.</param>
    /// <param name="decodedAt">Its decoding time; null when the container does not say.</param>
    /// <param name="isDiscarded">It lies outside the edit list.</param>
    public void Add(PacketTimes packet, long? decodedAt, bool isDiscarded)
    {
        TotalCount++;
        if (decodedAt is { } dts)
        {
            BackwardSteps += LastDts is { } before && dts <= before ? 1 : 0;
            LastDts = dts;
        }
        else
        {
            HasDecodingTimes = false;
        }

        if (_first.Count < MaxKept)
        {
            _first.Add(packet);
        }

        if (!isDiscarded)
        {
            Count++;
            MinPts = Math.Min(MinPts, packet.Pts);
            MaxPts = Math.Max(MaxPts, packet.Pts);
            MaxEnd = Math.Max(MaxEnd, packet.Pts + packet.Duration);
        }
    }
}
