using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Web.Layout;

namespace ArtifactPlatform.Web.Videos;

/// <summary>The contract's words as people read them.</summary>
public static class VideoWords
{
    public static string Name(VideoStatus status) => status switch
    {
        VideoStatus.Preparing => "Preparing",
        VideoStatus.Ready => "Ready",
        VideoStatus.Reprocessing => "Reprocessing",
        _ => "Failed",
    };

    public static string Explanation(VideoStatus status) => status switch
    {
        VideoStatus.Preparing => "Its renditions are being made",
        VideoStatus.Ready => "All renditions are there",
        VideoStatus.Reprocessing => "Its renditions are being made anew; the old ones play until then",
        _ => "It did not work; the video's page says why",
    };

    /// <summary>The badge's colours, which it shares with artifacts.</summary>
    public static string BadgeClass(VideoStatus status) => status switch
    {
        VideoStatus.Preparing or VideoStatus.Reprocessing => "badge-processing",
        VideoStatus.Ready => "badge-completed",
        _ => "badge-failed",
    };

    public static string Name(PlaybackPolicy policy) => policy == PlaybackPolicy.Public ? "Public" : "Signed";

    public static string Resolution(VideoObject video)
    {
        ArgumentNullException.ThrowIfNull(video);
        return video is { SourceWidth: { } width, SourceHeight: { } height } ? $"{width}×{height}" : video.AudioOnly == true ? "Sound" : Words.None;
    }

    public static string Kind(VideoObject video)
    {
        ArgumentNullException.ThrowIfNull(video);
        return video.AudioOnly == true ? "Sound" : "Video";
    }

    public static string Ingest(IngestKind kind) => kind switch
    {
        IngestKind.DirectUpload => "Upload",
        IngestKind.Url => "URL",
        _ => "Dashboard",
    };

    public static bool IsUnderWay(VideoStatus status) => status is VideoStatus.Preparing or VideoStatus.Reprocessing;
}
