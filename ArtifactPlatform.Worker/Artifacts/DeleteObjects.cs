using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Worker.Queue;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>Removes what a deleted artifact, of a dock or not, or video, or a temporary upload that went with it, has left in the store: the subject is the id of any of these.</summary>
public sealed class DeleteObjects(ObjectStore store, IDbContextFactory<PlatformDb> databases, Quota quota) : JobHandler
{
    public override string Kind => JobKinds.DeleteObjects;

    public override async Task<JobOutcome> HandleAsync(Job job, CancellationToken ct)
    {
        await store.DeleteBelowAsync(ObjectKeys.ArtifactPrefix(job.SubjectId), exceptKey: null, ct);
        await store.DeleteAsync(ObjectKeys.Incoming(job.SubjectId), ct);
        await store.DeleteBelowAsync(ObjectKeys.VideoPrefix(job.SubjectId), exceptKey: null, ct);
        await store.DeleteBelowAsync(ObjectKeys.TempPrefix(job.SubjectId), exceptKey: null, ct);
        await store.DeleteBelowAsync(ObjectKeys.DepositPrefix(job.SubjectId), exceptKey: null, ct);
        await ReleaseAsync(job, ct);
        return new JobOutcome.Done();
    }

    /// <summary>An artifact that could be restored until now has counted until now; the others' space was given back when they were deleted.</summary>
    private async Task ReleaseAsync(Job job, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await quota.ReleaseAsync(db, UsageKind.StoredBytes, job.CompanyId, job.SubjectId, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Nobody waits for it: the row is gone. The dead job tells the operator.</summary>
    public override Task BuryAsync(Job job, string code, string reason, CancellationToken ct) => Task.CompletedTask;
}
