using System.Buffers.Binary;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>A <c>trun</c> box (ISO/IEC 14496-12 §8.8.8): the samples of one fragment.</summary>
/// <param name="Duration">In units of the track's timescale.</param>
/// <param name="FirstFlags">Of the first sample.</param>
/// <param name="ShownFrom">When the first one is shown, from the decoding time of the run's first sample.</param>
/// <param name="ShownTo">When the last one has been shown, counted likewise.</param>
internal sealed record TrackRun(long Duration, long Samples, uint FirstFlags, long ShownFrom, long ShownTo)
{
    private const uint DataOffset = 0x1;
    private const uint FirstSampleFlags = 0x4;
    private const uint SampleDuration = 0x100;
    private const uint SampleSize = 0x200;
    private const uint SampleFlags = 0x400;
    private const uint SampleOffset = 0x800;

    /// <param name="trun">Behind the box's header.</param>
    /// <param name="defaultDuration">For samples without their own.</param>
    /// <param name="defaultFlags">For samples without their own.</param>
    public static TrackRun Read(ReadOnlySpan<byte> trun, uint defaultDuration, uint defaultFlags)
    {
        var flags = BinaryPrimitives.ReadUInt32BigEndian(trun) & 0xffffff;
        var count = BinaryPrimitives.ReadUInt32BigEndian(trun[4..]);
        var rest = trun[(8 + Width(flags & DataOffset))..];
        uint? first = (flags & FirstSampleFlags) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(rest) : null;
        rest = rest[Width(flags & FirstSampleFlags)..];
        var stride = Width(flags & SampleDuration) + Width(flags & SampleSize) + Width(flags & SampleFlags) + Width(flags & SampleOffset);
        if (count > 0 && (flags & SampleFlags) != 0)
        {
            first ??= BinaryPrimitives.ReadUInt32BigEndian(rest[(Width(flags & SampleDuration) + Width(flags & SampleSize))..]);
        }

        // The composition offset stands last.
        var offsetAt = stride - Width(SampleOffset);
        long duration = 0, from = long.MaxValue, to = long.MinValue;
        for (var i = 0; i < count; i++)
        {
            var shown = duration + ((flags & SampleOffset) != 0 ? BinaryPrimitives.ReadInt32BigEndian(rest[((i * stride) + offsetAt)..]) : 0);
            var length = (flags & SampleDuration) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(rest[(i * stride)..]) : defaultDuration;
            from = Math.Min(from, shown);
            to = Math.Max(to, shown + length);
            duration += length;
        }

        return new(duration, count, first ?? defaultFlags, from, to);
    }

    private static int Width(uint flag) => flag != 0 ? 4 : 0;
}
