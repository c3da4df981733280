using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Videos;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Videos;

internal static class DeleteVideo
{
    /// <summary>Enough for the store to be away for hours: nobody asks a second time for a delete that was answered.</summary>
    private const int MaxAttempts = 20;

    public static async Task<Results<NoContent, NotFoundError>> Handle(
        string videoId, Caller caller, PlatformDb db, VideoLog log, DeletedArtifacts artifacts, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        var video = await db.Videos.Where(v => v.Id == videoId && v.CompanyId == caller.CompanyId).Select(v => new { v.Title, v.OwnsArtifact, v.ArtifactId }).SingleOrDefaultAsync(ct);
        if (video is null)
        {
            return Error.VideoNotFound();
        }

        var cleanup = new Job(JobKinds.DeleteObjects, videoId, caller.CompanyId, MaxAttempts, clock.GetUtcNow());
        IReadOnlyList<Job> cleanups = [cleanup];
        var deleted = await log.DeleteAsync(
            caller.CompanyId,
            videoId,
            async (inside, token) =>
            {
                await inside.Jobs
                    .Where(j => (j.SubjectId == videoId || j.SubjectId.StartsWith(videoId + "/")) && (j.Status == JobStatus.Queued || j.Status == JobStatus.Running))
                    .ExecuteDeleteAsync(token);
                inside.Add(cleanup);
                inside.Add(audit.Entry(AuditActions.VideoDeleted, videoId, new { video.Title }));
                // Its own file, unless another video has been made from that too.
                if (video is { OwnsArtifact: true, ArtifactId: { } source }
                    && await artifacts.RemoveAsync(inside, caller.CompanyId, source, audit.Deleted, token, a => !inside.Videos.Any(v => v.ArtifactId == a.Id && v.Id != videoId)) is { } more)
                {
                    cleanups = [cleanup, .. more];
                }
            },
            ct);
        if (!deleted)
        {
            return Error.VideoNotFound();
        }

        await artifacts.SendAsync(cleanups);
        return TypedResults.NoContent();
    }
}
