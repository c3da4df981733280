using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Queue;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Artifacts;

/// <summary>Deletes artifacts: the row and what is under way for it at once, every stored object right after.</summary>
public sealed class DeletedArtifacts(IDbContextFactory<PlatformDb> databases, ArtifactLog log, EventNudge nudge, JobStream jobs, TimeProvider clock)
{
    /// <summary>Enough for the store to be away for hours: nobody asks a second time for a delete that was answered.</summary>
    private const int MaxAttempts = 20;

    /// <param name="audit">Says who deletes it, given the artifact as it was.</param>
    /// <returns>False when there is no such artifact in the company.</returns>
    public async Task<bool> DeleteAsync(string companyId, string artifactId, Func<ArtifactObject, AuditEntry> audit, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await RemoveAsync(db, companyId, artifactId, audit, ct) is not { } cleanups)
        {
            return false;
        }

        await transaction.CommitAsync(ct);
        await nudge.SendAsync(companyId);
        await SendAsync(cleanups);
        return true;
    }

    /// <summary>Removes the row, with its event, in the caller's transaction, and stores the jobs that remove its objects.</summary>
    /// <returns>The jobs, to be sent once the transaction is through; null when there is no such artifact in the company.</returns>
    public async Task<IReadOnlyList<Job>?> RemoveAsync(PlatformDb db, string companyId, string artifactId, Func<ArtifactObject, AuditEntry> audit, CancellationToken ct)
    {
        var tempUploads = await TempUploadsOfAsync(db, companyId, artifactId, ct);
        var now = clock.GetUtcNow();
        var cleanups = tempUploads.Prepend(artifactId).Select(subject => new Job(JobKinds.DeleteObjects, subject, companyId, MaxAttempts, now)).ToList();
        var removed = await log.RemoveAsync(db, companyId, artifactId, CleanUpAsync, ct);
        return removed ? cleanups : null;

        async Task CleanUpAsync(ArtifactObject artifact)
        {
            await db.Jobs.Where(j => j.SubjectId == artifactId && (j.Status == JobStatus.Queued || j.Status == JobStatus.Running)).ExecuteDeleteAsync(ct);
            await db.TempUploads.Where(t => tempUploads.Contains(t.Id)).ExecuteDeleteAsync(ct);
            db.AddRange(cleanups);
            db.Add(audit(artifact));
            await db.SaveChangesAsync(ct);
        }
    }

    public async Task SendAsync(IReadOnlyList<Job> cleanups)
    {
        foreach (var job in cleanups)
        {
            await jobs.SendAsync(job.Kind, job.Id);
        }
    }

    /// <summary>Temporary uploads that this artifact, and no other, was created from: their bytes go with it.</summary>
    private static async Task<List<string>> TempUploadsOfAsync(PlatformDb db, string companyId, string artifactId, CancellationToken ct)
    {
        var usedHere = db.Artifacts.Where(a => a.Id == artifactId && a.Source == ArtifactSource.TempUpload).Select(a => a.SourceKey)
            .Concat(db.Fragments.Where(f => f.ArtifactId == artifactId).Select(f => f.S3Key));
        return await db.TempUploads
            .Where(t => t.CompanyId == companyId
                && usedHere.Contains(t.S3Key)
                && !db.Artifacts.Any(a => a.Id != artifactId && a.CompanyId == companyId && a.Source == ArtifactSource.TempUpload && a.SourceKey == t.S3Key)
                && !db.Fragments.Any(f => f.ArtifactId != artifactId && f.S3Key == t.S3Key))
            .Select(t => t.Id)
            .ToListAsync(ct);
    }
}
