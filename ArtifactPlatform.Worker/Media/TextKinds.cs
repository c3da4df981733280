using System.Text;
using System.Text.RegularExpressions;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Files that are text, and which kind of text.</summary>
internal static partial class TextKinds
{
    /// <summary>Characters of the beginning that are looked at.</summary>
    private const int LookAt = 4096;

    private static readonly (string Mark, string Type, string Name)[] PlaylistMarks =
    [
        ("#EXTM3U", "application/vnd.apple.mpegurl", "an HLS or M3U playlist"),
        ("ffconcat version", "text/x-ffconcat", "a concat list"),
        ("v=0\no=", "application/sdp", "a session description (SDP)"),
        ("v=0\r\no=", "application/sdp", "a session description (SDP)"),
        ("[playlist]", "audio/x-scpls", "a PLS playlist"),
        ("[Reference]", "video/x-ms-asf", "a Windows Media playlist"),
        ("<asx", "video/x-ms-asf", "a Windows Media playlist"),
        ("<smil", "application/smil", "a SMIL playlist"),
        ("RTSPtext", "application/x-rtsp", "a streaming link"),
    ];

    private static readonly string[] HtmlMarks = ["<!doctype html", "<html", "<head", "<body", "<script", "<title", "<meta ", "<div", "<h1"];

    public static SniffedContent? Find(ReadOnlySpan<byte> head)
    {
        var text = TextEncodings.TryDecodeHead(head);
        return text is null ? null : Classify(text);
    }

    public static SniffedContent Classify(string text)
    {
        var start = text.AsSpan(0, Math.Min(text.Length, LookAt)).TrimStart("\ufeff \t\r\n\f").ToString();
        foreach (var (mark, type, name) in PlaylistMarks)
        {
            if (start.StartsWith(mark, StringComparison.OrdinalIgnoreCase))
            {
                return new(ContentKind.Playlist, type, name);
            }
        }

        return Markup(start)
            ?? (start.StartsWith("WEBVTT", StringComparison.Ordinal) ? new(ContentKind.Text, "text/vtt", "a WebVTT subtitle file")
            : Srt().IsMatch(start) ? new(ContentKind.Text, "application/x-subrip", "an SRT subtitle file")
            : Json().IsMatch(start) ? new(ContentKind.Text, "application/json", "a JSON document")
            : ConcatList().IsMatch(start) ? new(ContentKind.Playlist, "text/x-ffconcat", "a concat list")
            : new(ContentKind.Text, "text/plain", "a text file"));
    }

    private static SniffedContent? Markup(string start)
    {
        if (!start.StartsWith('<'))
        {
            return null;
        }

        // Behind declaration and comments stands the element that says what it is.
        var body = Preamble().Replace(start, "");
        if (Array.Exists(HtmlMarks, mark => body.StartsWith(mark, StringComparison.OrdinalIgnoreCase)))
        {
            return new(ContentKind.Html, "text/html", "a web page (HTML)");
        }

        return body.StartsWith("<MPD", StringComparison.Ordinal) ? new(ContentKind.Playlist, "application/dash+xml", "a DASH manifest")
            : body.StartsWith("<SmoothStreamingMedia", StringComparison.Ordinal) ? new(ContentKind.Playlist, "application/vnd.ms-sstr+xml", "a Smooth Streaming manifest")
            : body.StartsWith("<playlist", StringComparison.OrdinalIgnoreCase) ? new(ContentKind.Playlist, "application/xspf+xml", "an XSPF playlist")
            : body.StartsWith("<smil", StringComparison.OrdinalIgnoreCase) ? new(ContentKind.Playlist, "application/smil", "a SMIL playlist")
            : body.StartsWith("<svg", StringComparison.OrdinalIgnoreCase) ? new(ContentKind.Image, "image/svg+xml", "an SVG picture")
            : new(ContentKind.Text, "application/xml", "an XML document");
    }

    [GeneratedRegex(@"^(?:\s*<\?xml[^>]*\?>|\s*<!--.*?-->|\s*<\?xml-stylesheet[^>]*\?>)*\s*", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Preamble();

    [GeneratedRegex(@"^\d+[ \t]*\r?\n\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}[ \t]*-->[ \t]*\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Srt();

    [GeneratedRegex("""^(?:\{\s*(?:"|\})|\[\s*(?:[\[\{"\]]|-?\d))""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Json();

    /// <summary>The form without a first line of its own: <c>file 'path'</c>.</summary>
    [GeneratedRegex(@"^(?:#[^\n]*\n\s*)*file\s+['""/\w]\S*\s*(?:\n|$)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConcatList();
}
