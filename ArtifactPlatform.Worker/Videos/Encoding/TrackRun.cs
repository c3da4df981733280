using System.Buffers.Binary;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>A <c>trun</c> box (ISO/IEC 14496-12 §8.8.8): the samples of one fragment.</summary>
/// <param name="Duration">In units of the track's timescale.</param>
/// <param name="FirstFlags">Of the first sample.</param>
internal sealed record TrackRun(long Duration, long Samples, uint FirstFlags)
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

        long duration = 0;
        for (var i = 0; i < count; i++)
        {
            duration += (flags & SampleDuration) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(rest[(i * stride)..]) : defaultDuration;
        }

        return new(duration, count, first ?? defaultFlags);
    }

    private static int Width(uint flag) => flag != 0 ? 4 : 0;
}
