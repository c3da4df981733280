using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Videos;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Videos;

internal static class GetVideo
{
    public static async Task<Results<Ok<VideoObject>, NotFoundError>> Handle(string videoId, Caller caller, PlatformDb db, VideoLog log, CancellationToken ct) =>
        await log.ShownAsync(db, caller.CompanyId, videoId, ct) is { } video ? TypedResults.Ok(video) : Error.VideoNotFound();
}
