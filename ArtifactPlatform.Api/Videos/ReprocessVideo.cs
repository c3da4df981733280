using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Core.Videos;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Videos;

internal static class ReprocessVideo
{
    public static async Task<Results<Ok<VideoObject>, NotFoundError, ConflictError>> Handle(
        string videoId, Caller caller, PlatformDb db, VideoLog log, JobStream jobs, Quota quota, TimeProvider clock, CancellationToken ct)
    {
        var video = await db.Videos.AsNoTracking().SingleOrDefaultAsync(v => v.Id == videoId && v.CompanyId == caller.CompanyId, ct);
        if (video is null)
        {
            return Error.VideoNotFound();
        }

        if (video.Status is VideoStatus.Preparing or VideoStatus.Reprocessing)
        {
            return Error.VideoBusy();
        }

        var source = await db.Artifacts.Where(a => a.Id == video.ArtifactId && a.CompanyId == caller.CompanyId).Select(a => (ArtifactStatus?)a.Status).SingleOrDefaultAsync(ct);
        // What has been played was made from a whole file, even if the artifact's own checks go on a moment longer.
        var isThere = source == ArtifactStatus.UploadCompleted || (video.Package is not null && source is ArtifactStatus.Created or ArtifactStatus.UploadStarted);
        if (!isThere)
        {
            return source is null ? Error.VideoSourceGone() : Error.VideoSourceUnusable();
        }

        await quota.CheckAsync(db, UsageKind.EncodeTime, caller.CompanyId, UsageKinds.Milliseconds(video.DurationSeconds), ct);
        var now = clock.GetUtcNow();
        var job = new Job(JobKinds.ProcessVideo, videoId, caller.CompanyId, VideoLimits.MaxAttempts, now);
        var begun = await log.ChangeAsync(
            caller.CompanyId,
            videoId,
            v => v.Status == VideoStatus.Ready || v.Status == VideoStatus.Errored,
            set => set
                .SetProperty(v => v.Status, v => v.Package == null ? VideoStatus.Preparing : VideoStatus.Reprocessing)
                .SetProperty(v => v.Run, v => v.Run + 1)
                .SetProperty(v => v.Progress, 0)
                .SetProperty(v => v.Rungs, (List<RenditionProgress>?)null)
                .SetProperty(v => v.Errors, (List<VideoError>?)null)
                .SetProperty(v => v.AwaitsArtifact, false)
                .SetProperty(v => v.QueuedAt, now)
                .SetProperty(v => v.StartedAt, (DateTimeOffset?)null)
                .SetProperty(v => v.PlayableAt, (DateTimeOffset?)null)
                .SetProperty(v => v.ReadyAt, (DateTimeOffset?)null)
                .SetProperty(v => v.UpdatedAt, now),
            EventTypes.VideoProgress,
            ct,
            async (inside, token) =>
            {
                // The worker may still be closing the job of the run that has ended; its lease is worth nothing without the row.
                await inside.Jobs.Where(j => j.SubjectId == videoId && j.Kind == JobKinds.ProcessVideo && (j.Status == JobStatus.Queued || j.Status == JobStatus.Running)).ExecuteDeleteAsync(token);
                inside.Add(job);
            });
        if (begun is null)
        {
            return Error.VideoBusy();
        }

        await jobs.SendAsync(job.Kind, job.Id);
        return TypedResults.Ok(begun);
    }
}
