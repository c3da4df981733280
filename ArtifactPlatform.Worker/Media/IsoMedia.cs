using System.Buffers.Binary;
using System.Text;

namespace ArtifactPlatform.Worker.Media;

/// <summary>MP4 and its kin: a file of boxes, each with its size and four letters (ISO/IEC 14496-12 §4.2).</summary>
internal static class IsoMedia
{
    private static readonly string[] FirstBoxes = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "styp", "moof", "sidx"];

    public static SniffedContent? Find(ReadOnlySpan<byte> head)
    {
        if (head.Length < 8)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadUInt32BigEndian(head);
        var box = Encoding.Latin1.GetString(head[4..8]);
        if (!FirstBoxes.Contains(box) || (size is not (0 or 1) && size < 8))
        {
            return null;
        }

        return box == "ftyp" && head.Length >= 12
            ? OfBrand(Encoding.Latin1.GetString(head[8..12]))
            : box is "styp" or "moof" or "sidx"
                ? new(ContentKind.Media, "video/mp4", "an MP4 segment", "mp4")
                : new(ContentKind.Media, "video/quicktime", "a QuickTime movie", "mov");
    }

    private static SniffedContent OfBrand(string brand) => brand switch
    {
        "qt  " => new(ContentKind.Media, "video/quicktime", "a QuickTime movie", "mov"),
        "M4A " or "M4B " or "M4P " => new(ContentKind.Media, "audio/mp4", "an M4A file", "m4a"),
        "heic" or "heix" or "hevc" or "mif1" or "msf1" => new(ContentKind.Image, "image/heic", "a HEIC picture"),
        "avif" or "avis" => new(ContentKind.Image, "image/avif", "an AVIF picture"),
        "crx " => new(ContentKind.Image, "image/x-canon-cr3", "a raw photo"),
        _ when brand.StartsWith("3gp", StringComparison.Ordinal) || brand.StartsWith("3ge", StringComparison.Ordinal) => new(ContentKind.Media, "video/3gpp", "a 3GP video", "3gp"),
        _ when brand.StartsWith("3g2", StringComparison.Ordinal) => new(ContentKind.Media, "video/3gpp2", "a 3G2 video", "3g2"),
        _ => new(ContentKind.Media, "video/mp4", "an MP4 video", "mp4"),
    };
}
