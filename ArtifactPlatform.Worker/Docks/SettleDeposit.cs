using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Docks;

/// <summary>Where a completed artifact's bytes are.</summary>
/// <param name="Key">What the artifact leads to.</param>
/// <param name="DamagedKey">What its content led to until now, whose object was lost or replaced; mostly null.</param>
public sealed record SettledDeposit(string Key, string? DamagedKey);

/// <summary>
/// Completes an artifact whose bytes are verified, as the first of its content in the dock or as a duplicate of the one that was. Where
/// that one's object was lost or replaced in the store, one commit leads all artifacts of the content to the new bytes: no object that
/// others may be reading is written over, and a process that dies has changed nothing or everything.
/// </summary>
public sealed partial class SettleDeposit(IDbContextFactory<PlatformDb> databases, ObjectStore store, Quota quota, TimeProvider clock, ILogger<SettleDeposit> logger)
{
    /// <param name="etag">Of the deposit's own copy, which was read.</param>
    /// <returns>Null when another run has taken the artifact over, or it was deleted meanwhile.</returns>
    public async Task<SettledDeposit?> RunAsync(DockArtifact deposit, DepositFacts facts, string etag, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        while (true)
        {
            // The store is asked before the lock is taken, so that a slow answer holds nobody up.
            var first = await FirstAsync(db, deposit, facts.Hash, ct);
            var damaged = first is null || await DockContent.IsIntactAsync(store, first, ct) ? null : first;
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await DockContent.LockAsync(db, deposit.DockId, facts.Hash, ct);
            var now = await FirstAsync(db, deposit, facts.Hash, ct);
            if ((now?.S3Key, now?.S3ETag) != (first?.S3Key, first?.S3ETag))
            {
                // Another run stored, repaired or removed the content meanwhile. Each does so once, so that ends.
                continue;
            }

            var kept = damaged is null ? first : null;
            var key = kept?.S3Key ?? deposit.S3Key;
            if (!await CompleteAsync(db, deposit, facts, first is not null, key, kept is null ? etag : kept.S3ETag, ct))
            {
                return null;
            }

            if (damaged is not null)
            {
                await RepairAsync(db, damaged, key, etag, ct);
            }

            // Stored once, counted once: for the artifact that the stored object is named after.
            await (kept is not null
                ? quota.ReleaseAsync(db, UsageKind.StoredBytes, deposit.CompanyId, deposit.Id, ct)
                : quota.SettleAsync(db, UsageKind.StoredBytes, deposit.CompanyId, deposit.Id, facts.SizeBytes, ct));
            await transaction.CommitAsync(ct);
            if (damaged is not null)
            {
                LogRepaired(logger, damaged.S3Key, damaged.DockId, deposit.Id);
            }

            return new SettledDeposit(key, damaged?.S3Key);
        }
    }

    private static Task<DockArtifact?> FirstAsync(PlatformDb db, DockArtifact deposit, string hash, CancellationToken ct) =>
        db.DockArtifacts.AsNoTracking().SingleOrDefaultAsync(
            a => a.DockId == deposit.DockId && a.CompanyId == deposit.CompanyId && a.Hash == hash && a.Status == ArtifactStatus.UploadCompleted && !a.IsDuplicate, ct);

    /// <returns>False when the artifact is no longer this run's.</returns>
    private async Task<bool> CompleteAsync(PlatformDb db, DockArtifact deposit, DepositFacts facts, bool isDuplicate, string key, string? etag, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.DockArtifacts
            .Where(a => a.Id == deposit.Id && a.CompanyId == deposit.CompanyId && a.Status == ArtifactStatus.UploadStarted && a.Attempt == deposit.Attempt)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(a => a.Status, ArtifactStatus.UploadCompleted)
                    .SetProperty(a => a.IsDuplicate, isDuplicate)
                    .SetProperty(a => a.S3Key, key)
                    .SetProperty(a => a.S3ETag, etag)
                    .SetProperty(a => a.SizeBytes, facts.SizeBytes)
                    .SetProperty(a => a.Hash, facts.Hash)
                    .SetProperty(a => a.ContentType, a => a.ContentType ?? facts.ContentType)
                    .SetProperty(a => a.CompletedAt, now)
                    .SetProperty(a => a.UpdatedAt, now),
                ct) == 1;
    }

    /// <summary>Leads all that share the damaged object to the new one. The lost bytes take no room any more.</summary>
    private async Task RepairAsync(PlatformDb db, DockArtifact damaged, string key, string etag, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await db.DockArtifacts
            .Where(a => a.DockId == damaged.DockId && a.CompanyId == damaged.CompanyId && a.Hash == damaged.Hash && a.Status == ArtifactStatus.UploadCompleted && a.S3Key == damaged.S3Key)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.S3Key, key).SetProperty(a => a.S3ETag, etag).SetProperty(a => a.UpdatedAt, now), ct);
        await quota.ReleaseAsync(db, UsageKind.StoredBytes, damaged.CompanyId, ObjectKeys.DepositOwner(damaged.S3Key), ct);
    }

    [LoggerMessage(LogLevel.Warning, "Object {S3Key} of dock {DockId} was lost or replaced in the store; its artifacts lead to the bytes of dock artifact {DockArtifactId} now")]
    private static partial void LogRepaired(ILogger logger, string s3Key, string dockId, string dockArtifactId);
}
