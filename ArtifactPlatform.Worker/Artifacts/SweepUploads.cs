using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Worker.Upkeep;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>The sweep over artifacts whose PUT is awaited.</summary>
public sealed class SweepUploads(IDbContextFactory<PlatformDb> databases, UploadNotice notice, ArtifactLog log, Quota quota, TimeProvider clock, ILogger<SweepUploads> logger)
    : SweepAwaited(notice, clock, logger)
{
    private readonly TimeProvider clock = clock;

    protected override async Task<IReadOnlyList<AwaitedUpload>> TakeDueAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var due = await db.Artifacts
            .FromSql(
                $"""
                update artifacts set upload_checked_at = now() where id in (
                    select id from artifacts
                    where upload_expires_at is not null and uploaded_at is null and status = 'created' and (upload_checked_at is null or upload_checked_at < now() - {LookEvery})
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
        await log.ChangeAsync(
            upload.CompanyId,
            upload.ArtifactId,
            a => a.Status == ArtifactStatus.Created && a.UploadedAt == null,
            set => set
                .SetProperty(a => a.Status, ArtifactStatus.UploadFailed)
                .SetProperty(a => a.ErrorCode, ExpiredCode)
                .SetProperty(a => a.ErrorMessage, ExpiredMessage)
                .SetProperty(a => a.UpdatedAt, now),
            EventTypes.ArtifactUploadFailed,
            ct,
            (db, token) => quota.ReleaseAsync(db, UsageKind.StoredBytes, upload.CompanyId, upload.ArtifactId, token));
    }
}
