namespace ArtifactPlatform.Web.Artifacts;

/// <summary>The next step after a failure. What happened, and what to change, the platform's own message says.</summary>
public static class ErrorAdvice
{
    public static string For(string? errorCode) => errorCode switch
    {
        "upload_expired" or "upload_missing" => "Upload the file again: an upload link works for 15 minutes.",
        "source_unreachable" or "source_stalled" or "source_changed" or "s3_unreachable" or "host_not_found" or "tls_error" => "Such trouble often passes: retry in a moment.",
        "s3_access_denied" or "s3_credentials_missing" or "s3_wrong_region" or "s3_clock_skew" => "When the permission is put right, retry.",
        "empty_file" or "html_page" or "not_media" or "not_text" or "media_unreadable" or "no_video_stream" or "no_audio_stream" or "too_many_streams" or "too_large" =>
            "Put the file right and create the artifact again: this one would fail the same way.",
        "fragment_mismatch" or "fragment_cut_outside" or "fragment_cut_unsupported" => "Put the fragments right and create the artifact again: these would fail the same way.",
        "quota_exceeded" => "When there is room again, retry.",
        "internal_error" => "The fault is the platform's: retry, and tell whoever runs it if it fails again.",
        _ => "Retry when the cause is put right.",
    };
}
