namespace ArtifactPlatform.Worker.Media;

/// <summary>The file itself is at fault, so trying again would not help. The message tells a person what to change.</summary>
/// <param name="code">One of <see cref="RejectionCodes"/>.</param>
/// <param name="message">For a person; holds no secrets.</param>
/// <param name="param">What the caller gave that is at fault, as <c>fragments[3].frameRate</c>; null when it is the file as a whole.</param>
public sealed class MediaRejectedException(string code, string message, string? param = null, Exception? cause = null) : Exception(message, cause)
{
    public string Code { get; } = code;

    public string? Param { get; } = param;
}

/// <summary>Stable words for why a file is refused.</summary>
public static class RejectionCodes
{
    public const string EmptyFile = "empty_file";
    public const string HtmlPage = "html_page";
    public const string NotMedia = "not_media";
    public const string NoVideoStream = "no_video_stream";
    public const string NoAudioStream = "no_audio_stream";
    public const string Mp4WithoutMoov = "mp4_without_moov";
    public const string Truncated = "truncated";
    public const string EncryptedMedia = "encrypted_media";
    public const string NotText = "not_text";
    public const string TextTooLarge = "text_too_large";
    public const string PlaylistNotAllowed = "playlist_not_allowed";
    public const string TooManyStreams = "too_many_streams";
    public const string MediaUnreadable = "media_unreadable";
    public const string FragmentMismatch = "fragment_mismatch";
    public const string FragmentCutOutside = "fragment_cut_outside";
    public const string FragmentCutUnsupported = "fragment_cut_unsupported";
    public const string FragmentJoinFailed = "fragment_join_failed";
}

/// <summary>The bytes could not be had from the store at the moment: nothing is said about the file, and a later try may do.</summary>
public sealed class MediaSourceException(string message, Exception? cause = null) : IOException(message, cause);
