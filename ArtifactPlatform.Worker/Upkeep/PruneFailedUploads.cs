using System.Linq.Expressions;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Retention;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Upkeep;

/// <summary>Removes uploads that failed longer ago than their company keeps them: artifacts as by a delete, sessions and deposits by their rows.</summary>
public sealed class PruneFailedUploads(IDbContextFactory<PlatformDb> databases, DeletedArtifacts artifacts, TimeProvider clock)
{
    /// <summary>Of each kind in one round; the rest waits for the next.</summary>
    private const int BatchSize = 500;

    public async Task RunAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        foreach (var due in await DueAsync(db, ct))
        {
            // A retry that came in between has taken it out of its failure, and it stays.
            Expression<Func<Artifact, bool>> stillFailed = a => a.Status == ArtifactStatus.UploadFailed && a.UpdatedAt == due.UpdatedAt;
            await artifacts.DeleteAsync(due.CompanyId, due.Id, shown => AuditEntry.ByRule("retention", shown, clock.GetUtcNow()), ct, stillFailed);
        }

        await db.Database.ExecuteSqlAsync(
            $"""
            delete from uploads where id in (
                select u.id from uploads u left join retention_settings s on s.company_id = u.company_id
                where u.status = 'aborted' and u.updated_at < now() - make_interval(days => coalesce(s.failed_uploads_days, {RetentionSettings.Defaults.FailedUploadsDays}))
                limit {BatchSize})
            """,
            ct);
        await db.Database.ExecuteSqlAsync(
            $"""
            delete from dock_artifacts where status = 'upload_failed' and id in (
                select a.id from dock_artifacts a left join retention_settings s on s.company_id = a.company_id
                where a.status = 'upload_failed' and a.updated_at < now() - make_interval(days => coalesce(s.failed_uploads_days, {RetentionSettings.Defaults.FailedUploadsDays}))
                limit {BatchSize})
            """,
            ct);
    }

    private static Task<List<FailedUpload>> DueAsync(PlatformDb db, CancellationToken ct) => db.Database
        .SqlQuery<FailedUpload>(
            $"""
            select a.company_id, a.id, a.updated_at from artifacts a left join retention_settings s on s.company_id = a.company_id
            where a.status = 'upload_failed' and a.updated_at < now() - make_interval(days => coalesce(s.failed_uploads_days, {RetentionSettings.Defaults.FailedUploadsDays}))
            limit {BatchSize}
            """)
        .ToListAsync(ct);

    private sealed record FailedUpload(string CompanyId, string Id, DateTimeOffset UpdatedAt);
}
