using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Web.Platform;

namespace ArtifactPlatform.Web.Videos;

public static class VideoKind
{
    public static ThingKind<VideoObject> Instance { get; } = new("video.", video => video.Id, video => video.UpdatedAt);
}
