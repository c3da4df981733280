using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Upkeep.Reconciling;

/// <summary>Which worker reconciles, and how far it is: one row a bucket, settled by the database's clock. A worker that dies loses its lease, and another goes on behind the last whole page.</summary>
public sealed class PassLease(IDbContextFactory<PlatformDb> databases)
{
    /// <summary>A page takes seconds. Two that do one at once, should one take longer than this, do the same; only one of them is counted.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private readonly string token = Guid.NewGuid().ToString("N");

    /// <summary>Begins a pass that is due, or goes on with one that nobody else has.</summary>
    /// <returns>Null when there is nothing to do.</returns>
    public async Task<StoragePass?> ClaimAsync(string bucket, TimeSpan interval, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into storage_passes (bucket, cursor, objects, orphans, orphan_bytes, removed, missing, last_objects, last_orphans, last_orphan_bytes, last_removed, last_missing)
            values ({bucket}, '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) on conflict do nothing
            """,
            ct);
        return (await db.StoragePasses
            .FromSql(
                $"""
                update storage_passes set lease_token = {token}, lease_until = now() + {Lease}, started_at = coalesce(started_at, now())
                where bucket = {bucket} and (lease_token = {token} or lease_until is null or lease_until < now())
                    and (started_at is not null or finished_at is null or finished_at < now() - {interval})
                returning *
                """)
            .AsNoTracking()
            .ToListAsync(ct)).SingleOrDefault();
    }

    /// <returns>Null before anybody has begun.</returns>
    public async Task<StoragePass?> ShowAsync(string bucket, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.StoragePasses.AsNoTracking().SingleOrDefaultAsync(p => p.Bucket == bucket, ct);
    }

    /// <summary>Notes what a page showed, if the lease is still this worker's; the last page ends the pass, in the same statement.</summary>
    /// <returns>The row as it is then; null when the lease is lost.</returns>
    public async Task<StoragePass?> NoteAsync(string bucket, PageFindings found, CancellationToken ct)
    {
        var (isLast, cursor) = (found.Cursor is null, found.Cursor ?? "");
        await using var db = await databases.CreateDbContextAsync(ct);
        return (await db.StoragePasses
            .FromSql(
                $"""
                update storage_passes p set cursor = {cursor},
                    objects = case when {isLast} then 0 else s.objects end, last_objects = case when {isLast} then s.objects else p.last_objects end,
                    orphans = case when {isLast} then 0 else s.orphans end, last_orphans = case when {isLast} then s.orphans else p.last_orphans end,
                    orphan_bytes = case when {isLast} then 0 else s.orphan_bytes end, last_orphan_bytes = case when {isLast} then s.orphan_bytes else p.last_orphan_bytes end,
                    removed = case when {isLast} then 0 else s.removed end, last_removed = case when {isLast} then s.removed else p.last_removed end,
                    missing = case when {isLast} then 0 else s.missing end, last_missing = case when {isLast} then s.missing else p.last_missing end,
                    started_at = case when {isLast} then null else p.started_at end,
                    finished_at = case when {isLast} then now() else p.finished_at end,
                    lease_token = case when {isLast} then null else p.lease_token end,
                    lease_until = case when {isLast} then null else now() + {Lease} end
                from (select bucket, objects + {found.Objects} as objects, orphans + {found.Orphans} as orphans, orphan_bytes + {found.OrphanBytes} as orphan_bytes,
                    removed + {found.Removed} as removed, missing + {found.Missing} as missing from storage_passes where bucket = {bucket}) s
                where p.bucket = s.bucket and p.lease_token = {token}
                returning p.*
                """)
            .AsNoTracking()
            .ToListAsync(ct)).SingleOrDefault();
    }
}
