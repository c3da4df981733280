using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Web.Artifacts;

/// <summary>The contract's words as people read them.</summary>
public static class ArtifactWords
{
    public static string Name(ArtifactType type) => type switch
    {
        ArtifactType.Video => "Video",
        ArtifactType.Audio => "Audio",
        _ => "Script",
    };

    public static string Icon(ArtifactType type) => type switch
    {
        ArtifactType.Video => "video",
        ArtifactType.Audio => "audio",
        _ => "script",
    };

    public static string Name(ArtifactStatus status) => status switch
    {
        ArtifactStatus.Created => "Created",
        ArtifactStatus.UploadStarted => "Processing",
        ArtifactStatus.UploadCompleted => "Completed",
        _ => "Failed",
    };

    public static string Explanation(ArtifactStatus status) => status switch
    {
        ArtifactStatus.Created => "Waiting for its file, or for its turn",
        ArtifactStatus.UploadStarted => "The file is being fetched and checked",
        ArtifactStatus.UploadCompleted => "Stored, checked and ready to use",
        _ => "It did not work; the artifact's page says why",
    };
}
