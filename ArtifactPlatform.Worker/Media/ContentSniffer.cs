using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Tells from a file's first bytes, never from its name, what it is.</summary>
public static class ContentSniffer
{
    /// <summary>Enough for every signature, for five packets of any transport stream, and for a frame or two of MP3 behind rubbish.</summary>
    public const int HeadBytes = 64 << 10;

    public static readonly SniffedContent Unknown = new(ContentKind.Unknown, "application/octet-stream", "data of an unknown kind");

    private static readonly SniffedContent Nothing = new(ContentKind.Empty, "application/x-empty", "an empty file");

    /// <param name="head">The first bytes, <see cref="HeadBytes"/> or the whole file if that is shorter.</param>
    public static SniffedContent Sniff(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return Nothing;
        }

        head = head[..Math.Min(head.Length, HeadBytes)];
        var signed = Signatures.Find(head);
        // "MAC enters" begins a scene as well as a Monkey's Audio file: what reads as text is text, but for the documents that do.
        return (signed is { Kind: not ContentKind.Document } && TextEncodings.TryDecodeUtf8(head) is { } text ? TextKinds.Classify(text) : signed) ?? IsoMedia.Find(head) ?? TextKinds.Find(head) ?? FrameSync.Find(head) ?? Unknown;
    }

    /// <summary>The verdict that needs no more than the head; null = go on and look inside.</summary>
    /// <param name="content">What <see cref="Sniff"/> found.</param>
    /// <param name="type">What the caller says that the file is.</param>
    public static MediaRejectedException? Judge(SniffedContent content, ArtifactType type)
    {
        ArgumentNullException.ThrowIfNull(content);
        var wanted = type switch { ArtifactType.Video => "a video", ArtifactType.Audio => "an audio", _ => "a text" };
        return content.Kind switch
        {
            ContentKind.Empty => new(RejectionCodes.EmptyFile, "The file is empty (0 bytes). Upload it again."),
            ContentKind.Html => new(RejectionCodes.HtmlPage, $"The file is a web page (HTML), not {wanted} file. Perhaps an error or sign-in page was saved in its place: give the file itself."),
            _ when type == ArtifactType.Script => content.Kind is ContentKind.Text or ContentKind.Playlist or ContentKind.Unknown
                ? null
                : new(RejectionCodes.NotText, $"The file is {content.Name}, not text. Give a script as plain text, SRT or VTT."),
            ContentKind.Media => null,
            ContentKind.Playlist => new(RejectionCodes.PlaylistNotAllowed, $"The file is {content.Name}, which only points to other files. Give the media file itself, or list the parts as fragments."),
            ContentKind.Unknown => new(RejectionCodes.NotMedia, $"The file is not {wanted} file in any format that is known here. Check that it is complete and not encrypted."),
            _ => new(RejectionCodes.NotMedia, $"The file is {content.Name}, not {wanted} file."),
        };
    }
}
