using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Database;
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
    /// <summary>Looks for the file of one artifact.</summary>
    /// <returns>Whether the file is there (now or noticed before).</returns>
    public async Task<bool> CheckAsync(string artifactId, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var awaited = await db.Artifacts.AsNoTracking()
            .Where(a => a.Id == artifactId && a.Source == ArtifactSource.Upload)
            .Select(a => new { a.CompanyId, a.SourceKey, a.UploadedAt })
            .SingleOrDefaultAsync(ct);
        if (awaited?.SourceKey is not { } key)
        {
            return false;
        }

        if (awaited.UploadedAt is not null)
        {
            return true;
        }

        if (await store.HeadAsync(key, ct) is null)
        {
            return false;
        }

        var job = new Job(JobKinds.Ingest, artifactId, awaited.CompanyId, IngestLimits.MaxAttempts, clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var noticed = await db.Artifacts
            .Where(a => a.Id == artifactId && a.Status == ArtifactStatus.Created && a.UploadedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.UploadedAt, now).SetProperty(a => a.UpdatedAt, now), ct);
        if (noticed == 1)
        {
            db.Add(job);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            await jobs.SendAsync(job.Kind, job.Id);
        }

        return true;
    }
}
