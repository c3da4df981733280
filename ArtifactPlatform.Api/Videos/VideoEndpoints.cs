using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.OpenApi;
using ArtifactPlatform.Core.ApiKeys;

namespace ArtifactPlatform.Api.Videos;

internal static class VideoEndpoints
{
    public static void AddVideos(this IServiceCollection services) => services.AddScoped<NewVideos>();

    public static void MapVideos(this IEndpointRouteBuilder api)
    {
        var videos = api.MapGroup("/videos").WithTags("Videos").WithMetadata(SnakeCaseNames.Instance);

        var read = videos.MapGroup("").RequireAuthorization(Scopes.VideosRead);
        read.MapGet("", ListVideos.Handle).WithName("listVideos").WithSummary("List videos")
            .WithDescription("One page, newest first. Give `next_cursor` as `cursor` to get the next.");
        read.MapGet("/{videoId}", GetVideo.Handle).WithName("getVideo").WithSummary("Get a video").WithDescription("The video as it is now.");

        var write = videos.MapGroup("").RequireAuthorization(Scopes.VideosWrite);
        write.MapPost("", CreateVideo.Handle).WithName("createVideo").WithSummary("Create a video")
            .WithDescription("From one URL in `input`, or from an artifact of yours. It comes back as `preparing`; it can be played as soon as `playback` has addresses, and is `ready` when all renditions are made.")
            .ProducesQuotaExceeded();
        write.MapPatch("/{videoId}", PatchVideo.Handle).WithName("patchVideo").WithSummary("Change a video")
            .WithDescription("Members left out stay as they are; `tags` are replaced whole. `null` takes description, passthrough or tags away.");
        write.MapDelete("/{videoId}", DeleteVideo.Handle).WithName("deleteVideo").WithSummary("Delete a video")
            .WithDescription("Removes the record at once and every stored object right after, also the file that it was uploaded as, unless another video is made from that. An artifact that it was made from by `artifact_id` stays.");
        write.MapPost("/{videoId}/reprocess", ReprocessVideo.Handle).WithName("reprocessVideo").WithSummary("Make the renditions anew")
            .WithDescription("The old ones play until the new ones are complete.")
            .ProducesQuotaExceeded();
        write.MapPost("/{videoId}/playback-ids", PlaybackIds.Create).WithName("createPlaybackId").WithSummary("Add a playback id")
            .WithDescription("`public` plays for everybody, `signed` only with a token.");
        write.MapDelete("/{videoId}/playback-ids/{playbackId}", PlaybackIds.Delete).WithName("deletePlaybackId").WithSummary("Delete a playback id")
            .WithDescription("It stops working at once; media addresses that were handed out live on until they expire.");
        write.MapPost("/{videoId}/captions", Captions.Create).WithName("createCaption").WithSummary("Attach captions")
            .WithDescription("SRT or WebVTT, as text or from a script artifact; becomes an HLS subtitle track.");
        write.MapDelete("/{videoId}/captions/{captionId}", Captions.Delete).WithName("deleteCaption").WithSummary("Remove captions").WithDescription("The track disappears from the manifests.");

        var keys = api.MapGroup("/playback-keys").WithTags("Playback keys").WithMetadata(SnakeCaseNames.Instance);
        keys.MapPost("", PlaybackKeys.Create).WithName("createPlaybackKey").WithSummary("Make a playback key").RequireAuthorization(Scopes.VideosWrite)
            .WithDescription("Its private half, which signs the tokens of `signed` playback ids (RS256), is in this answer and nowhere else.");
        keys.MapGet("", PlaybackKeys.List).WithName("listPlaybackKeys").WithSummary("List playback keys").RequireAuthorization(Scopes.VideosRead).WithDescription("Without their private halves.");
        keys.MapDelete("/{keyId}", PlaybackKeys.Delete).WithName("deletePlaybackKey").WithSummary("Delete a playback key").RequireAuthorization(Scopes.VideosWrite)
            .WithDescription("Tokens that it signed stop working at once.");
    }
}
