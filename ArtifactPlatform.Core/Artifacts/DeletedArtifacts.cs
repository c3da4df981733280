using System.Linq.Expressions;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Artifacts;

/// <summary>
/// Deletes artifacts: the row and what is under way for it at once, every stored object right after, or as much later as the company's
/// settings let a completed one be restored. What can be restored is stored, and counts as such.
/// </summary>
public sealed class DeletedArtifacts(IDbContextFactory<PlatformDb> databases, ArtifactLog log, EventNudge nudge, JobStream jobs, Quota quota, TimeProvider clock)
{
    /// <summary>Enough for the store to be away for hours: nobody asks a second time for a delete that was answered.</summary>
    private const int MaxAttempts = 20;

    /// <param name="audit">Says who deletes it, given the artifact as it was.</param>
    /// <param name="expected">What must still be true of it; null = it is there.</param>
    /// <returns>False when there is no such artifact in the company, or it is not as expected.</returns>
    public async Task<bool> DeleteAsync(string companyId, string artifactId, Func<ArtifactObject, AuditEntry> audit, CancellationToken ct, Expression<Func<Artifact, bool>>? expected = null)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await RemoveAsync(db, companyId, artifactId, audit, ct, expected) is not { } cleanups)
        {
            return false;
        }

        await transaction.CommitAsync(ct);
        await nudge.SendAsync(companyId);
        await SendAsync(cleanups);
        return true;
    }

    /// <summary>Removes the row, with its event, in the caller's transaction, and stores the jobs that remove its objects.</summary>
    /// <returns>The jobs, to be sent once the transaction is through; null when there is no such artifact in the company, or it is not as expected.</returns>
    public async Task<IReadOnlyList<Job>?> RemoveAsync(
        PlatformDb db, string companyId, string artifactId, Func<ArtifactObject, AuditEntry> audit, CancellationToken ct, Expression<Func<Artifact, bool>>? expected = null)
    {
        var tempUploads = await TempUploadsOfAsync(db, companyId, artifactId, ct);
        var now = clock.GetUtcNow();
        var kept = await KeepAsync(db, companyId, artifactId, now, ct);
        List<Job> cleanups = [Cleanup(artifactId, kept), .. tempUploads.Select(id => Cleanup(id, TimeSpan.Zero))];
        var removed = await log.RemoveAsync(db, companyId, artifactId, expected ?? (_ => true), CleanUpAsync, ct);
        return removed ? cleanups : null;

        Job Cleanup(string subjectId, TimeSpan delay) => new(JobKinds.DeleteObjects, subjectId, companyId, MaxAttempts, now, delay);

        async Task CleanUpAsync(ArtifactObject artifact)
        {
            if (kept == TimeSpan.Zero)
            {
                await quota.ReleaseAsync(db, UsageKind.StoredBytes, companyId, artifactId, ct);
            }

            await db.Jobs.Where(j => j.SubjectId == artifactId && (j.Status == JobStatus.Queued || j.Status == JobStatus.Running)).ExecuteDeleteAsync(ct);
            await db.TempUploads.Where(t => tempUploads.Contains(t.Id)).ExecuteDeleteAsync(ct);
            db.AddRange(cleanups);
            db.Add(audit(artifact));
            await db.SaveChangesAsync(ct);
        }
    }

    /// <summary>Sends what may begin at once; the sweeper sends the rest in its time.</summary>
    public async Task SendAsync(IReadOnlyList<Job> cleanups)
    {
        foreach (var job in cleanups.Where(j => j.DispatchedAt is not null))
        {
            await jobs.SendAsync(job.Kind, job.Id);
        }
    }

    /// <summary>Where the file of a deleted artifact is.</summary>
    /// <returns>Null when it can't be restored, or its file is not in <paramref name="bucket"/>.</returns>
    public async Task<string?> KeyOfAsync(string bucket, string companyId, string artifactId, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Database
            .SqlQuery<string>(
                $"""
                select record ->> 's3_key' as "Value" from restorable_artifacts
                where id = {artifactId} and company_id = {companyId} and record ->> 's3_bucket' = {bucket} and restorable_until > {clock.GetUtcNow()}
                """)
            .SingleOrDefaultAsync(ct);
    }

    /// <summary>Takes a deleted artifact back. The row of the job that would remove its files decides: whoever takes that away first, a worker or this.</summary>
    /// <returns>Null when it was never deleted in this company, or its files are being removed.</returns>
    public async Task<ArtifactObject?> RestoreAsync(string companyId, string artifactId, AuditEntry audit, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var cancelled = await db.Jobs
            .Where(j => j.SubjectId == artifactId && j.CompanyId == companyId && j.Kind == JobKinds.DeleteObjects && j.Status == JobStatus.Queued && j.Attempt == 0)
            .ExecuteDeleteAsync(ct);
        if (cancelled == 0 || await PutBackAsync(db, companyId, artifactId, ct) == 0)
        {
            return null;
        }

        db.Add(audit);
        await db.SaveChangesAsync(ct);
        var restored = await log.AppendAsync(db, companyId, artifactId, EventTypes.ArtifactCreated, ct);
        await transaction.CommitAsync(ct);
        await nudge.SendAsync(companyId);
        return restored;
    }

    /// <summary>Who made it may be gone by now; and what had expired would only go again.</summary>
    private async Task<int> PutBackAsync(PlatformDb db, string companyId, string artifactId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var restored = await db.Database.ExecuteSqlAsync(
            $"""
            insert into artifacts
            select a.* from restorable_artifacts k, jsonb_populate_record(null::artifacts, k.record || jsonb_build_object(
                'updated_at', {now}::timestamptz, 'expires_at', null,
                'user_id', (select id from users where id = k.record ->> 'user_id'),
                'api_key_id', (select id from api_keys where id = k.record ->> 'api_key_id'))) a
            where k.id = {artifactId} and k.company_id = {companyId} and k.restorable_until > {now}
            """,
            ct);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into fragments
            select f.* from restorable_artifacts k, jsonb_populate_recordset(null::fragments, k.fragments) f
            where k.id = {artifactId} and k.company_id = {companyId}
            """,
            ct);
        await db.RestorableArtifacts.Where(k => k.Id == artifactId && k.CompanyId == companyId).ExecuteDeleteAsync(ct);
        return restored;
    }

    /// <summary>Keeps the rows of a completed artifact where the company's settings ask for it. What was never completed has nothing to come back to.</summary>
    /// <returns>How long its objects must stay.</returns>
    private static async Task<TimeSpan> KeepAsync(PlatformDb db, string companyId, string artifactId, DateTimeOffset now, CancellationToken ct)
    {
        var days = await db.RetentionSettings.Where(s => s.CompanyId == companyId).Select(s => s.DeletedArtifactsDays).SingleOrDefaultAsync(ct);
        if (days == 0)
        {
            return TimeSpan.Zero;
        }

        var kept = await db.Database.ExecuteSqlAsync(
            $"""
            insert into restorable_artifacts (id, company_id, record, fragments, deleted_at, restorable_until)
            select a.id, a.company_id, to_jsonb(a), (select jsonb_agg(to_jsonb(f)) from fragments f where f.artifact_id = a.id), {now}, {now + TimeSpan.FromDays(days)}
            from artifacts a where a.id = {artifactId} and a.company_id = {companyId} and a.status = 'upload_completed'
            for update
            """,
            ct);
        return kept == 0 ? TimeSpan.Zero : TimeSpan.FromDays(days);
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
