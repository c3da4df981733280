using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Artifacts;

/// <summary>
/// Notices that an awaited PUT has landed and queues the work, whoever says so first: the store's notification, the sweep, or the
/// client's <c>complete</c>. Any number of them at once queue it once.
/// </summary>
public sealed class UploadNotice(IDbContextFactory<PlatformDb> databases, ObjectStore store, JobStream jobs, TimeProvider clock)
{
    /// <summary>Looks for the file of one artifact, of a dock or not.</summary>
    /// <returns>Whether the file is there (now or noticed before).</returns>
    public async Task<bool> CheckAsync(string artifactId, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        if (await FindAsync(db, artifactId, ct) is not { } awaited)
        {
            return false;
        }

        if (awaited.UploadedAt is not null)
        {
            return true;
        }

        if (await store.HeadAsync(ObjectKeys.Incoming(artifactId), ct) is null)
        {
            return false;
        }

        var job = new Job(DockArtifact.IsId(artifactId) ? JobKinds.TakeDeposit : JobKinds.Ingest, artifactId, awaited.CompanyId, IngestLimits.MaxAttempts, clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await MarkAsync(db, artifactId, clock.GetUtcNow(), ct))
        {
            db.Add(job);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            await jobs.SendAsync(job.Kind, job.Id);
        }

        return true;
    }

    private static Task<Awaited?> FindAsync(PlatformDb db, string artifactId, CancellationToken ct) => (DockArtifact.IsId(artifactId)
        ? db.DockArtifacts.Where(a => a.Id == artifactId).Select(a => new Awaited(a.CompanyId, a.UploadedAt))
        : db.Artifacts.Where(a => a.Id == artifactId && a.Source == ArtifactSource.Upload).Select(a => new Awaited(a.CompanyId, a.UploadedAt))).SingleOrDefaultAsync(ct);

    private static async Task<bool> MarkAsync(PlatformDb db, string artifactId, DateTimeOffset now, CancellationToken ct) => await (DockArtifact.IsId(artifactId)
        ? db.DockArtifacts
            .Where(a => a.Id == artifactId && a.Status == ArtifactStatus.Created && a.UploadedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.UploadedAt, now).SetProperty(a => a.UpdatedAt, now), ct)
        : db.Artifacts
            .Where(a => a.Id == artifactId && a.Status == ArtifactStatus.Created && a.UploadedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.UploadedAt, now).SetProperty(a => a.UpdatedAt, now), ct)) == 1;

    private sealed record Awaited(string CompanyId, DateTimeOffset? UploadedAt);
}
