using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Queue;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>
/// Takes an artifact in: fetch, check, hash, complete. Each run writes to a key of its own and completes by compare-and-set on its
/// attempt, so a run that was taken for dead and comes back changes nothing.
/// </summary>
public sealed partial class IngestArtifact(
    IDbContextFactory<PlatformDb> databases,
    ArtifactLog log,
    FetchArtifact fetch,
    CheckFile check,
    ObjectStore store,
    VideosOfArtifact videos,
    Quota quota,
    JobStream jobs,
    TimeProvider clock,
    ILogger<IngestArtifact> logger) : JobHandler
{
    /// <summary>The contract's two a second.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(0.5);

    /// <summary>For clearing up behind a commit, when the process itself may be stopping.</summary>
    private static readonly TimeSpan CleanUpTimeout = TimeSpan.FromSeconds(10);

    public override string Kind => JobKinds.Ingest;

    public override async Task<JobOutcome> HandleAsync(Job job, CancellationToken ct)
    {
        if (await StartAsync(job, ct) is not { } artifact)
        {
            return new JobOutcome.Done();
        }

        try
        {
            bool completed;
            await using (var progress = new JobProgress(artifact.Id, (percent, token) => StoreProgressAsync(artifact, percent, token), ProgressInterval, clock, logger))
            {
                progress.Start();
                var file = await fetch.RunAsync(artifact, progress, ct);
                await MarkFetchedAsync(artifact, ct);
                var facts = await check.RunAsync(artifact, file, progress, ct);
                completed = await CompleteAsync(artifact, file, facts, ct);
            }

            await CleanUpAsync(artifact, completed);
            return new JobOutcome.Done();
        }
        catch (OperationCanceledException)
        {
            await ForgetIfDeletedAsync(artifact);
            throw;
        }
        catch (IngestFailedException e)
        {
            return new JobOutcome.Dead(e.Code, e.Message);
        }
        catch (MediaRejectedException e)
        {
            return new JobOutcome.Dead(e.Code, e.Message);
        }
        catch (QuotaExceededException e)
        {
            return new JobOutcome.Dead(QuotaExceededException.Code, e.Message);
        }
        catch (IngestDelayedException e)
        {
            return new JobOutcome.Retry(e.Code, e.Message, e.After);
        }
    }

    /// <summary>The file is what failed, so it goes; what a person uploaded stays until the artifact is deleted or the upload area expires.</summary>
    public override async Task BuryAsync(Job job, string code, string reason, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await log.ChangeAsync(
            job.CompanyId,
            job.SubjectId,
            a => a.Status == ArtifactStatus.Created || a.Status == ArtifactStatus.UploadStarted,
            set => set
                .SetProperty(a => a.Status, ArtifactStatus.UploadFailed)
                .SetProperty(a => a.ErrorCode, code)
                .SetProperty(a => a.ErrorMessage, reason)
                .SetProperty(a => a.CompletedAt, now)
                .SetProperty(a => a.UpdatedAt, now),
            EventTypes.ArtifactUploadFailed,
            ct,
            async (db, token) =>
            {
                // The file of an upload session stays until it is deleted, and counts as long.
                if (!await db.Artifacts.AnyAsync(a => a.Id == job.SubjectId && a.Source == ArtifactSource.Stored, token))
                {
                    await quota.ReleaseAsync(db, UsageKind.StoredBytes, job.CompanyId, job.SubjectId, token);
                }

                await videos.FailAsync(db, job.CompanyId, job.SubjectId, code, reason, token);
            });
        await using var db = await databases.CreateDbContextAsync(ct);
        var uploaded = await db.Artifacts.Where(a => a.Id == job.SubjectId && a.Source == ArtifactSource.Stored).Select(a => a.S3Key).SingleOrDefaultAsync(ct);
        await store.DeleteBelowAsync(ObjectKeys.ArtifactPrefix(job.SubjectId), exceptKey: uploaded, ct);
    }

    /// <summary>Moves the artifact to <c>upload_started</c>; one that another worker had begun starts over under a new attempt and key.</summary>
    /// <returns>Null when there is nothing to do: it is gone, or has ended.</returns>
    private async Task<Artifact?> StartAsync(Job job, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var started = await log.ChangeAsync(
            job.CompanyId,
            job.SubjectId,
            a => a.Status == ArtifactStatus.Created,
            set => set.SetProperty(a => a.Status, ArtifactStatus.UploadStarted).SetProperty(a => a.StartedAt, now).SetProperty(a => a.UpdatedAt, now),
            EventTypes.ArtifactUploadStarted,
            ct);
        var artifact = await db.Artifacts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == job.SubjectId && a.CompanyId == job.CompanyId, ct);
        if (artifact is null || started is not null)
        {
            return artifact;
        }

        var attempt = artifact.Attempt + 1;
        var key = artifact.KeyOfAttempt(attempt);
        var takenOver = await log.ChangeAsync(
            job.CompanyId,
            job.SubjectId,
            a => a.Status == ArtifactStatus.UploadStarted && a.Attempt == artifact.Attempt,
            set => set.SetProperty(a => a.Attempt, attempt).SetProperty(a => a.S3Key, key).SetProperty(a => a.Progress, 0).SetProperty(a => a.UpdatedAt, now),
            EventTypes.ArtifactProgress,
            ct);
        return takenOver is null ? null : await db.Artifacts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == job.SubjectId, ct);
    }

    private Task<ArtifactObject?> StoreProgressAsync(Artifact artifact, int percent, CancellationToken ct) => log.ChangeAsync(
        artifact.CompanyId,
        artifact.Id,
        a => a.Status == ArtifactStatus.UploadStarted && a.Attempt == artifact.Attempt && a.Progress < percent,
        set => set.SetProperty(a => a.Progress, percent).SetProperty(a => a.UpdatedAt, clock.GetUtcNow()),
        EventTypes.ArtifactProgress,
        ct);

    private async Task MarkFetchedAsync(Artifact artifact, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Artifacts
            .Where(a => a.Id == artifact.Id && a.Status == ArtifactStatus.UploadStarted && a.Attempt == artifact.Attempt)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.FetchedAt, now), ct);
    }

    /// <returns>False when another run has taken the artifact over, or it was deleted meanwhile.</returns>
    private async Task<bool> CompleteAsync(Artifact artifact, FetchedFile file, FileFacts facts, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        List<JoinedFragment>? joins = file.Joins is null ? null : [.. file.Joins];
        List<Job> waiting = [];
        var completed = await log.ChangeAsync(
            artifact.CompanyId,
            artifact.Id,
            a => a.Status == ArtifactStatus.UploadStarted && a.Attempt == artifact.Attempt,
            set => set
                .SetProperty(a => a.Status, ArtifactStatus.UploadCompleted)
                .SetProperty(a => a.Progress, 100)
                .SetProperty(a => a.SizeBytes, file.SizeBytes)
                .SetProperty(a => a.Hash, $"sha256:{facts.Sha256}")
                .SetProperty(a => a.ContentType, facts.ContentType)
                .SetProperty(a => a.DurationSeconds, facts.DurationSeconds)
                .SetProperty(a => a.Media, facts.Media)
                .SetProperty(a => a.Joins, joins)
                .SetProperty(a => a.CompletedAt, now)
                .SetProperty(a => a.UpdatedAt, now),
            EventTypes.ArtifactUploadCompleted,
            ct,
            async (db, token) =>
            {
                await quota.SettleAsync(db, UsageKind.StoredBytes, artifact.CompanyId, artifact.Id, file.SizeBytes, token);
                waiting = await videos.StartAsync(db, artifact.CompanyId, artifact.Id, token);
            });
        foreach (var job in waiting)
        {
            await jobs.SendAsync(job.Kind, job.Id);
        }

        return completed is not null;
    }

    /// <summary>
    /// Removes what earlier attempts left and the upload that was copied; a run that came too late removes its own file alone. What
    /// fails here is only waste, and goes with the artifact or by the bucket's lifecycle.
    /// </summary>
    private async Task CleanUpAsync(Artifact artifact, bool completed)
    {
        using var timeout = new CancellationTokenSource(CleanUpTimeout, clock);
        try
        {
            if (!completed)
            {
                if (artifact.Source != ArtifactSource.Stored)
                {
                    await store.DeleteAsync(artifact.S3Key, timeout.Token);
                }

                return;
            }

            if (artifact.Attempt > 1)
            {
                await store.DeleteBelowAsync(ObjectKeys.ArtifactPrefix(artifact.Id), artifact.S3Key, timeout.Token);
            }

            if (artifact.Source == ArtifactSource.Upload)
            {
                await store.DeleteAsync(ObjectKeys.Incoming(artifact.Id), timeout.Token);
            }
        }
        catch (Exception e)
        {
            LogNotCleanedUp(logger, e, artifact.Id);
        }
    }

    /// <summary>Deleting an artifact removes its objects, but a write that was under way may end after that.</summary>
    private async Task ForgetIfDeletedAsync(Artifact artifact)
    {
        using var timeout = new CancellationTokenSource(CleanUpTimeout, clock);
        try
        {
            await using var db = await databases.CreateDbContextAsync(timeout.Token);
            if (!await db.Artifacts.AnyAsync(a => a.Id == artifact.Id, timeout.Token))
            {
                await store.DeleteBelowAsync(ObjectKeys.ArtifactPrefix(artifact.Id), exceptKey: null, timeout.Token);
            }
        }
        catch (Exception e)
        {
            LogNotCleanedUp(logger, e, artifact.Id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Left-over objects of artifact {ArtifactId} were not removed")]
    private static partial void LogNotCleanedUp(ILogger logger, Exception exception, string artifactId);
}
