namespace ArtifactPlatform.Web.Artifacts;

/// <summary>The next step after a failure. What happened, and what to change, the platform's own message says.</summary>
public static class ErrorAdvice
{
    public static string For(string? errorCode) => errorCode switch
    {
        "upload_expired" or "upload_missing" => "Upload the file again: its link works for 15 minutes.",
        "source_unreachable" or "source_stalled" or "source_changed" or "s3_unreachable" or "host_not_found" or "tls_error" => "Such trouble often passes: retry in a moment.",
        "s3_access_denied" or "s3_credentials_missing" or "s3_wrong_region" or "s3_clock_skew" => "When the permission is put right, retry.",
        "hash_mismatch" or "size_mismatch" => "The file that came is not the one that was declared: upload it again.",
        _ => "Retry when the cause is put right, or create the artifact again from another file.",
    };
}
