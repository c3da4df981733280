namespace ArtifactPlatform.Worker.Media;

public enum ContentKind
{
    Empty,

    /// <summary>Sound or video in a form that ffmpeg is let read.</summary>
    Media,

    /// <summary>A list of other places, which is never followed.</summary>
    Playlist,
    Html,

    /// <summary>Plain text, subtitles, XML, JSON.</summary>
    Text,
    Image,
    Document,
    Archive,
    Program,
    Unknown,
}

/// <summary>What the first bytes of a file say that it is.</summary>
/// <param name="ContentType">MIME type; <c>application/octet-stream</c> when unknown.</param>
/// <param name="Name">For a message: "a PDF document".</param>
/// <param name="Container">Container by its common name, for media; null for others.</param>
public sealed record SniffedContent(ContentKind Kind, string ContentType, string Name, string? Container = null)
{
    /// <summary>MP4 and its kin.</summary>
    public bool IsIso => Container is "mp4" or "mov" or "m4a" or "3gp" or "3g2";
}
