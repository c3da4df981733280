namespace ArtifactPlatform.Web.Videos;

/// <summary>The next step after a failure. What happened the platform's own message says.</summary>
public static class VideoAdvice
{
    public static string For(string errorType) => errorType switch
    {
        "source_unreachable" or "source_stalled" or "source_changed" or "s3_unreachable" or "host_not_found" or "tls_error" => "Such trouble often passes: make the video again in a moment.",
        "upload_expired" or "upload_missing" => "Upload the file again, and make the video from that.",
        "artifact_deleted" or "source_missing" => "Its file is gone: make a new video from another.",
        "quota_exceeded" => "When the quota allows it again, reprocess it.",
        "internal_error" => "The fault is the platform's: reprocess it, and tell whoever runs it if it fails again.",
        _ => "Put the file right and make the video again: this one would most likely fail the same way.",
    };
}
