using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Videos;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Videos;

internal static class PlaybackIds
{
    public static async Task<Results<Ok<PlaybackId>, BadRequestError, NotFoundError, ConflictError>> Create(
        string videoId, CreatePlaybackIdRequest request, Caller caller, PlatformDb db, TimeProvider clock, CancellationToken ct)
    {
        if (!await db.Videos.AnyAsync(v => v.Id == videoId && v.CompanyId == caller.CompanyId, ct))
        {
            return Error.VideoNotFound();
        }

        if (await db.PlaybackIds.CountAsync(p => p.VideoId == videoId, ct) >= VideoLimits.MaxPerVideo)
        {
            return Error.TooMany("playback ids", VideoLimits.MaxPerVideo);
        }

        var made = new VideoPlaybackId(caller.CompanyId, videoId, request.Policy ?? default, clock.GetUtcNow());
        db.Add(made);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new PlaybackId(made.Id, made.Policy, made.CreatedAt));
    }

    public static async Task<Results<NoContent, NotFoundError>> Delete(string videoId, string playbackId, Caller caller, PlatformDb db, CancellationToken ct) =>
        await db.PlaybackIds.Where(p => p.Id == playbackId && p.VideoId == videoId && p.CompanyId == caller.CompanyId).ExecuteDeleteAsync(ct) == 0
            ? Error.PlaybackIdNotFound()
            : TypedResults.NoContent();
}
