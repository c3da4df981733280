using System.Buffers.Binary;

namespace ArtifactPlatform.Worker.Media;

/// <summary>How long a file is by its own header: what is shorter was cut off. Placeholders of writers that could not go back don't count.</summary>
internal static class ClaimedLength
{
    /// <summary>Writers to a pipe leave 0, 2^31 or 2^32 less some bytes in a RIFF header.</summary>
    private const uint Placeholder = 0x7f000000;

    /// <summary>Bytes of an AVI by its own header, of its first part if it has several; null when it does not say.</summary>
    public static long? OfAvi(ReadOnlySpan<byte> head) =>
        head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("AVI "u8) && BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) is > 0 and < Placeholder and var size
            ? 8L + size
            : null;

    /// <param name="head">From the start of the sound: behind an ID3 tag.</param>
    /// <returns>Seconds; null when the file does not say.</returns>
    public static double? Of(ReadOnlySpan<byte> head) =>
        head.StartsWith("RIFF"u8) ? OfWav(head) : head.StartsWith("fLaC"u8) ? OfFlac(head) : OfMp3(head);

    private static double? OfWav(ReadOnlySpan<byte> head)
    {
        long bytesPerSecond = 0;
        for (long at = 12; at + 8 <= head.Length;)
        {
            var chunk = head[(int)at..];
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("fmt "u8) && chunk.Length >= 20)
            {
                bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(chunk[16..]);
            }
            else if (chunk.StartsWith("data"u8))
            {
                return size is > 0 and < Placeholder && bytesPerSecond > 0 ? (double)size / bytesPerSecond : null;
            }

            at += 8 + size + (size & 1);
        }

        return null;
    }

    /// <summary>RFC 9639 §8.2: sample rate in 20 bits from byte 10 of STREAMINFO, number of samples in 36 bits from bit 28 after it; 0 = unknown.</summary>
    private static double? OfFlac(ReadOnlySpan<byte> head)
    {
        const int StreamInfo = 8;
        if (head.Length < StreamInfo + 18)
        {
            return null;
        }

        var fields = BinaryPrimitives.ReadUInt64BigEndian(head[(StreamInfo + 10)..]);
        var hertz = fields >> 44;
        var samples = fields & 0xf_ffff_ffff;
        return hertz > 0 && samples > 0 ? (double)samples / hertz : null;
    }

    /// <summary>The Xing or Info tag in an MP3's first frame: flags, then the number of frames.</summary>
    private static double? OfMp3(ReadOnlySpan<byte> head)
    {
        var frame = FrameSync.Mp3FrameBytes(head);
        if (frame == 0 || head.Length < frame)
        {
            return null;
        }

        var first = head[..frame];
        var tag = Math.Max(first.IndexOf("Xing"u8), first.IndexOf("Info"u8));
        if (tag < 0 || tag + 12 > frame || (first[tag + 7] & 1) == 0)
        {
            return null;
        }

        var (samples, hertz) = FrameSync.Mp3FrameSamples(first);
        return (double)BinaryPrimitives.ReadUInt32BigEndian(first[(tag + 8)..]) * samples / hertz;
    }
}
