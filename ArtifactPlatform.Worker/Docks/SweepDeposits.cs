using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Worker.Upkeep;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Docks;

/// <summary>The sweep over dock artifacts whose PUT is awaited.</summary>
public sealed class SweepDeposits(IDbContextFactory<PlatformDb> databases, UploadNotice notice, Quota quota, TimeProvider clock, ILogger<SweepDeposits> logger)
    : SweepAwaited(notice, clock, logger)
{
    private readonly TimeProvider clock = clock;

    protected override async Task<IReadOnlyList<AwaitedUpload>> TakeDueAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var due = await db.DockArtifacts
            .FromSql(
                $"""
                update dock_artifacts set upload_checked_at = now() where id in (
                    select id from dock_artifacts
                    where uploaded_at is null and status = 'created' and (upload_checked_at is null or upload_checked_at < now() - {LookEvery})
                    order by upload_checked_at nulls first limit {BatchSize} for update skip locked)
                returning *
                """)
            .AsNoTracking()
            .ToListAsync(ct);
        return [.. due.Select(a => new AwaitedUpload(a.CompanyId, a.Id, a.UploadExpiresAt))];
    }

    protected override async Task ExpireAsync(AwaitedUpload upload, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(upload);
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var expired = await db.DockArtifacts
            .Where(a => a.Id == upload.ArtifactId && a.CompanyId == upload.CompanyId && a.Status == ArtifactStatus.Created && a.UploadedAt == null)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(a => a.Status, ArtifactStatus.UploadFailed)
                    .SetProperty(a => a.ErrorCode, ExpiredCode)
                    .SetProperty(a => a.ErrorMessage, ExpiredMessage)
                    .SetProperty(a => a.UpdatedAt, now),
                ct);
        if (expired == 1)
        {
            await quota.ReleaseAsync(db, UsageKind.StoredBytes, upload.CompanyId, upload.ArtifactId, ct);
        }

        await transaction.CommitAsync(ct);
    }
}
