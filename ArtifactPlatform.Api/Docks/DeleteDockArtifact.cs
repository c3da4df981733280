using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class DeleteDockArtifact
{
    /// <summary>Enough for the store to be away for hours: nobody asks a second time for a delete that was answered.</summary>
    private const int MaxAttempts = 20;

    public static async Task<Results<NoContent, NotFoundError>> Handle(
        string dockId, string dockArtifactId, Caller caller, PlatformDb db, AuditTrail audit, JobStream jobs, Quota quota, TimeProvider clock, CancellationToken ct)
    {
        var mine = db.DockArtifacts.AsNoTracking().Where(a => a.Id == dockArtifactId && a.DockId == dockId && a.CompanyId == caller.CompanyId);
        // Again when its state or key changed in between; states only go forward, and keys change with a run or a repair, so that ends.
        while (await mine.SingleOrDefaultAsync(ct) is { } artifact)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (artifact is { Status: ArtifactStatus.UploadCompleted, Hash: { } hash })
            {
                await DockContent.LockAsync(db, dockId, hash, ct);
            }

            // Also when it was led to another object, whose bytes would stay behind.
            if (await mine.Where(a => a.Status == artifact.Status && a.S3Key == artifact.S3Key).ExecuteDeleteAsync(ct) == 0)
            {
                continue;
            }

            await db.Jobs.Where(j => j.SubjectId == dockArtifactId && (j.Status == JobStatus.Queued || j.Status == JobStatus.Running)).ExecuteDeleteAsync(ct);
            Job? cleanup = null;
            if (await LeftWithoutArtifactAsync(db, artifact, ct) is { } owner)
            {
                await quota.ReleaseAsync(db, UsageKind.StoredBytes, caller.CompanyId, owner, ct);
                cleanup = new Job(JobKinds.DeleteObjects, owner, caller.CompanyId, MaxAttempts, clock.GetUtcNow());
                db.Add(cleanup);
            }

            db.Add(audit.Entry(AuditActions.DockArtifactDeleted, artifact.Id, new { artifact.Filename, artifact.DockId, Size = artifact.SizeBytes, artifact.Hash }));
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            if (cleanup is not null)
            {
                await jobs.SendAsync(cleanup.Kind, cleanup.Id);
            }

            return TypedResults.NoContent();
        }

        return Error.DockArtifactNotFound();
    }

    /// <summary>Makes the oldest copy, if there is one, the content's first.</summary>
    /// <returns>Whose objects nobody needs any more; null when another artifact still leads to them.</returns>
    private static async Task<string?> LeftWithoutArtifactAsync(PlatformDb db, DockArtifact deleted, CancellationToken ct)
    {
        if (deleted.Status != ArtifactStatus.UploadCompleted)
        {
            return deleted.Id;
        }

        // The settings of the first one are read anew under the lock: it may have become that since it was read.
        var first = db.DockArtifacts.Where(a => a.DockId == deleted.DockId && a.Hash == deleted.Hash && a.Status == ArtifactStatus.UploadCompleted && !a.IsDuplicate);
        if (await first.AnyAsync(ct))
        {
            return null;
        }

        var copies = db.DockArtifacts.Where(a => a.DockId == deleted.DockId && a.Hash == deleted.Hash && a.IsDuplicate);
        var heir = await copies.OrderBy(a => a.Id).Select(a => a.Id).FirstOrDefaultAsync(ct);
        if (heir is null)
        {
            return ObjectKeys.DepositOwner(deleted.S3Key);
        }

        await db.DockArtifacts.Where(a => a.Id == heir).ExecuteUpdateAsync(set => set.SetProperty(a => a.IsDuplicate, false), ct);
        return null;
    }
}
