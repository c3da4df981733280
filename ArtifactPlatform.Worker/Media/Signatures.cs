using System.Text;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Files that begin with bytes of their own.</summary>
internal static class Signatures
{
    private static readonly (int Offset, byte[] Magic, SniffedContent Content)[] Table =
    [
        Media("FLV\u0001", "video/x-flv", "flv", "an FLV video"),
        Media("fLaC", "audio/flac", "flac", "a FLAC file"),
        Media(".snd", "audio/basic", "au", "an AU file"),
        Media("caff", "audio/x-caf", "caf", "a CAF file"),
        Media("#!AMR", "audio/amr", "amr", "an AMR file"),
        Media("MAC ", "audio/x-ape", "ape", "a Monkey's Audio file"),
        Media("wvpk", "audio/x-wavpack", "wv", "a WavPack file"),
        Media("TTA1", "audio/x-tta", "tta", "a TTA file"),
        Media("tBaK", "audio/x-tak", "tak", "a TAK file"),
        Media("MPCK", "audio/x-musepack", "mpc", "a Musepack file"),
        Media("MP+", "audio/x-musepack", "mpc", "a Musepack file"),
        Media("Creative Voice File", "audio/x-voc", "voc", "a VOC file"),
        Media("riff\u002e\u0091\u00cf\u0011", "audio/x-w64", "w64", "a Wave64 file"),
        Media("DKIF", "video/x-ivf", "ivf", "an IVF video"),
        Media("nut/multimedia container", "video/x-nut", "nut", "a NUT file"),
        Media("\u0030\u0026\u00b2\u0075\u008e\u0066\u00cf\u0011\u00a6\u00d9\u0000\u00aa\u0000\u0062\u00ce\u006c", "video/x-ms-asf", "asf", "a Windows Media file"),
        Media("\u0006\u000e\u002b\u0034\u0002\u0005\u0001\u0001", "application/mxf", "mxf", "an MXF file"),
        Media("\u0000\u0000\u0000\u0000\u0001\u00bc", "application/gxf", "gxf", "a GXF file"),
        Media("\u0000\u0000\u0001\u00ba", "video/mpeg", "mpeg", "an MPEG program stream"),
        Media("\u0000\u0000\u0001\u00b3", "video/mpeg", "mpegvideo", "an MPEG video"),
        Media("\u0000\u0000\u0001\u00b0", "video/mp4v-es", "m4v", "an MPEG-4 video stream"),
        Media("\u001f\u0007\u0000", "video/x-dv", "dv", "a DV video"),
        Media("\u007f\u00fe\u0080\u0001", "audio/vnd.dts", "dts", "a DTS file"),
        Media("\u00fe\u007f\u0001\u0080", "audio/vnd.dts", "dts", "a DTS file"),
        Media("\u001f\u00ff\u00e8\u0000", "audio/vnd.dts", "dts", "a DTS file"),
        Media("\u00ff\u001f\u0000\u00e8", "audio/vnd.dts", "dts", "a DTS file"),
        At(4, "\u00f8\u0072\u006f\u00ba", new(ContentKind.Media, "audio/vnd.dolby.mlp", "a TrueHD file", "truehd")),
        Other(ContentKind.Document, "%PDF-", "application/pdf", "a PDF document"),
        Other(ContentKind.Document, "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1", "application/x-ole-storage", "an Office document"),
        Other(ContentKind.Document, "{\\rtf", "application/rtf", "an RTF document"),
        Other(ContentKind.Document, "%!PS", "application/postscript", "a PostScript document"),
        Other(ContentKind.Archive, "PK\u0005\u0006", "application/zip", "a ZIP archive"),
        Other(ContentKind.Archive, "\u001f\u008b", "application/gzip", "a gzip archive"),
        Other(ContentKind.Archive, "BZh", "application/x-bzip2", "a bzip2 archive"),
        Other(ContentKind.Archive, "\u00fd" + "7zXZ\u0000", "application/x-xz", "an xz archive"),
        Other(ContentKind.Archive, "7z\u00bc\u00af\u0027\u001c", "application/x-7z-compressed", "a 7z archive"),
        Other(ContentKind.Archive, "Rar!\u001a\u0007", "application/vnd.rar", "a RAR archive"),
        Other(ContentKind.Archive, "\u0028\u00b5\u002f\u00fd", "application/zstd", "a Zstandard archive"),
        At(257, "ustar", new(ContentKind.Archive, "application/x-tar", "a tar archive")),
        Other(ContentKind.Image, "\u0089PNG\r\n\u001a\n", "image/png", "a PNG picture"),
        Other(ContentKind.Image, "\u00ff\u00d8\u00ff", "image/jpeg", "a JPEG picture"),
        Other(ContentKind.Image, "GIF87a", "image/gif", "a GIF picture"),
        Other(ContentKind.Image, "GIF89a", "image/gif", "a GIF picture"),
        Other(ContentKind.Image, "II*\u0000", "image/tiff", "a TIFF picture"),
        Other(ContentKind.Image, "MM\u0000*", "image/tiff", "a TIFF picture"),
        Other(ContentKind.Image, "8BPS", "image/vnd.adobe.photoshop", "a Photoshop picture"),
        Other(ContentKind.Image, "\u0000\u0000\u0001\u0000", "image/x-icon", "an icon"),
        Other(ContentKind.Program, "\u007f" + "ELF", "application/x-executable", "a program"),
        Other(ContentKind.Program, "MZ\u0090\u0000", "application/x-msdownload", "a Windows program"),
        Other(ContentKind.Program, "\u0000" + "asm", "application/wasm", "a WebAssembly program"),
    ];

    private static ReadOnlySpan<byte> EbmlMagic => [0x1a, 0x45, 0xdf, 0xa3];

    public static SniffedContent? Find(ReadOnlySpan<byte> head)
    {
        foreach (var (offset, magic, content) in Table)
        {
            if (head.Length >= offset + magic.Length && head[offset..].StartsWith(magic))
            {
                return content;
            }
        }

        return Riff(head) ?? Form(head) ?? Ogg(head) ?? Matroska(head) ?? Zip(head);
    }

    private static SniffedContent? Riff(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !(head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) || head.StartsWith("RIFX"u8)))
        {
            return null;
        }

        var form = Encoding.Latin1.GetString(head[8..12]);
        return form switch
        {
            "WAVE" => new(ContentKind.Media, "audio/wav", "a WAV file", "wav"),
            "AVI " => new(ContentKind.Media, "video/x-msvideo", "an AVI video", "avi"),
            "WEBP" => new(ContentKind.Image, "image/webp", "a WebP picture"),
            _ => null,
        };
    }

    private static SniffedContent? Form(ReadOnlySpan<byte> head) =>
        head.Length >= 12 && head.StartsWith("FORM"u8) && (head[8..].StartsWith("AIFF"u8) || head[8..].StartsWith("AIFC"u8))
            ? new(ContentKind.Media, "audio/aiff", "an AIFF file", "aiff")
            : null;

    private static SniffedContent? Ogg(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("OggS"u8))
        {
            return null;
        }

        // The first pages hold one header packet per stream, video's first where there is one.
        var pages = head[..Math.Min(head.Length, 512)];
        return pages.IndexOf("theora"u8) >= 0 || pages.IndexOf("BBCD"u8) >= 0
            ? new(ContentKind.Media, "video/ogg", "an Ogg video", "ogg")
            : pages.IndexOf("OpusHead"u8) >= 0
                ? new(ContentKind.Media, "audio/ogg; codecs=opus", "an Opus file", "ogg")
                : new(ContentKind.Media, "audio/ogg", "an Ogg file", "ogg");
    }

    private static SniffedContent? Matroska(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith(EbmlMagic))
        {
            return null;
        }

        return head[..Math.Min(head.Length, 128)].IndexOf("webm"u8) >= 0
            ? new(ContentKind.Media, "video/webm", "a WebM video", "webm")
            : new(ContentKind.Media, "video/x-matroska", "a Matroska video", "matroska");
    }

    private static SniffedContent? Zip(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("PK\u0003\u0004"u8))
        {
            return null;
        }

        var names = head[..Math.Min(head.Length, 4096)];
        return names.IndexOf("word/"u8) >= 0 ? new(ContentKind.Document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a Word document")
            : names.IndexOf("xl/"u8) >= 0 ? new(ContentKind.Document, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "an Excel workbook")
            : names.IndexOf("ppt/"u8) >= 0 ? new(ContentKind.Document, "application/vnd.openxmlformats-officedocument.presentationml.presentation", "a PowerPoint presentation")
            : names.IndexOf("[Content_Types].xml"u8) >= 0 ? new(ContentKind.Document, "application/vnd.openxmlformats-officedocument", "an Office document")
            : names.IndexOf("application/vnd.oasis.opendocument"u8) >= 0 ? new(ContentKind.Document, "application/vnd.oasis.opendocument", "an OpenDocument file")
            : new(ContentKind.Archive, "application/zip", "a ZIP archive");
    }

    private static (int Offset, byte[] Magic, SniffedContent Content) Media(string magic, string type, string container, string name) =>
        At(0, magic, new(ContentKind.Media, type, name, container));

    private static (int Offset, byte[] Magic, SniffedContent Content) Other(ContentKind kind, string magic, string type, string name) =>
        At(0, magic, new(kind, type, name));

    private static (int Offset, byte[] Magic, SniffedContent Content) At(int offset, string magic, SniffedContent content) =>
        (offset, Encoding.Latin1.GetBytes(magic), content);
}
