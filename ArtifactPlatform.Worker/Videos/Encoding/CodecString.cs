using System.Buffers.Binary;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>A track's codec in the words of RFC 6381, read off the decoder's own set-up data.</summary>
internal static class CodecString
{
    /// <summary>Bytes of a VisualSampleEntry and an AudioSampleEntry before their first box (ISO/IEC 14496-12 §12.1.3, §12.2.3), without the box's header.</summary>
    private const int VisualEntry = 78;

    private const int AudioEntry = 28;

    /// <param name="stsd">Behind the box's header.</param>
    /// <exception cref="InvalidDataException">Neither H.264 nor AAC.</exception>
    public static string FromSampleDescription(ReadOnlySpan<byte> stsd)
    {
        var entry = stsd[8..];
        return System.Text.Encoding.Latin1.GetString(entry[4..8]) switch
        {
            "avc1" => Avc(Boxes.Find(entry[(8 + VisualEntry)..], "avcC")),
            "mp4a" => Aac(Boxes.Find(entry[(8 + AudioEntry)..], "esds")),
            var other => throw new InvalidDataException($"The codec {other} is not expected."),
        };
    }

    /// <summary>ISO/IEC 14496-15 §5.3.3.1: profile, constraints and level, a byte each.</summary>
    public static string Avc(ReadOnlySpan<byte> avcC) => "avc1." + Convert.ToHexStringLower(avcC[1..4]);

    /// <summary>ISO/IEC 14496-1 §7.2.6: descriptors inside each other, each a tag, a length and a body.</summary>
    public static string Aac(ReadOnlySpan<byte> esds)
    {
        const byte Stream = 3, DecoderConfig = 4, DecoderSpecific = 5;
        const int Escape = 31;
        var stream = Descriptor(esds[4..], Stream);
        // ES_ID, flags, and what the flags announce.
        var at = 3 + ((stream[2] & 0x80) != 0 ? 2 : 0) + ((stream[2] & 0x40) != 0 ? 1 + stream[3] : 0) + ((stream[2] & 0x20) != 0 ? 2 : 0);
        var config = Descriptor(stream[at..], DecoderConfig);
        var specific = Descriptor(config[13..], DecoderSpecific);
        var bits = BinaryPrimitives.ReadUInt16BigEndian(specific);
        var type = bits >> 11 is var five && five == Escape ? 32 + ((bits >> 5) & 0x3f) : five;
        return FormattableString.Invariant($"mp4a.{config[0]:x2}.{type}");
    }

    private static ReadOnlySpan<byte> Descriptor(ReadOnlySpan<byte> bytes, byte tag)
    {
        if (bytes[0] != tag)
        {
            throw new InvalidDataException($"Descriptor {tag} is missing.");
        }

        // Seven bits of the length a byte; the eighth says that another follows.
        var (length, at) = (0, 1);
        while ((bytes[at] & 0x80) != 0)
        {
            length = (length << 7) | (bytes[at++] & 0x7f);
        }

        length = (length << 7) | bytes[at++];
        return bytes[at..(at + length)];
    }
}
