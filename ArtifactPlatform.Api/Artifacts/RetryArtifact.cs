using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Artifacts;

internal static class RetryArtifact
{
    public static async Task<Results<Ok<ArtifactObject>, NotFoundError, ConflictError>> Handle(
        string artifactId, Caller caller, PlatformDb db, ArtifactLog log, JobStream jobs, ObjectStore store, Quota quota, TimeProvider clock, CancellationToken ct)
    {
        var failed = await db.Artifacts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == artifactId && a.CompanyId == caller.CompanyId, ct);
        if (failed is null)
        {
            return Error.ArtifactNotFound();
        }

        // Its URL is dead, so what is not there now will never be.
        if (failed is { Status: ArtifactStatus.UploadFailed, Source: ArtifactSource.Upload, SourceKey: { } key } && await store.HeadAsync(key, ct) is null)
        {
            return Error.NothingToRetry();
        }

        var job = new Job(JobKinds.Ingest, artifactId, caller.CompanyId, IngestLimits.MaxAttempts, clock.GetUtcNow());
        if (await BeginAnewAsync(failed, job, log, quota, clock.GetUtcNow(), ct) is not { } artifact)
        {
            return await db.Artifacts.AnyAsync(a => a.Id == artifactId && a.CompanyId == caller.CompanyId, ct) ? Error.NotFailed() : Error.ArtifactNotFound();
        }

        await jobs.SendAsync(job.Kind, job.Id);
        return TypedResults.Ok(artifact);
    }

    /// <returns>Null when it is not, or no longer, this attempt that has failed.</returns>
    private static Task<ArtifactObject?> BeginAnewAsync(Artifact failed, Job job, ArtifactLog log, Quota quota, DateTimeOffset now, CancellationToken ct)
    {
        var attempt = failed.Attempt + 1;
        var key = failed.KeyOfAttempt(attempt);
        return log.ChangeAsync(
            failed.CompanyId,
            failed.Id,
            a => a.Status == ArtifactStatus.UploadFailed && a.Attempt == failed.Attempt,
            set => set
                .SetProperty(a => a.Status, ArtifactStatus.Created)
                .SetProperty(a => a.Attempt, attempt)
                .SetProperty(a => a.S3Key, key)
                .SetProperty(a => a.Progress, 0)
                .SetProperty(a => a.ErrorCode, (string?)null)
                .SetProperty(a => a.ErrorMessage, (string?)null)
                // From here on its work can begin: timings count from now, and no sweep waits for a PUT.
                .SetProperty(a => a.UploadedAt, now)
                .SetProperty(a => a.StartedAt, (DateTimeOffset?)null)
                .SetProperty(a => a.FetchedAt, (DateTimeOffset?)null)
                .SetProperty(a => a.CompletedAt, (DateTimeOffset?)null)
                .SetProperty(a => a.UpdatedAt, now),
            EventTypes.ArtifactCreated,
            ct,
            async (db, token) =>
            {
                await quota.ReserveAsync(db, UsageKind.StoredBytes, failed.CompanyId, failed.Id, amount: 0, token);
                // The worker may still be closing the job that failed; its lease is worth nothing without the row.
                await db.Jobs.Where(j => j.SubjectId == failed.Id && j.Kind == JobKinds.Ingest && (j.Status == JobStatus.Queued || j.Status == JobStatus.Running)).ExecuteDeleteAsync(token);
                db.Add(job);
            });
    }
}
