using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>Puts an artifact's size aside as soon as its source tells it: what does not fit is refused before a byte is moved.</summary>
public sealed class ReserveSpace(IDbContextFactory<PlatformDb> databases, Quota quota)
{
    /// <exception cref="QuotaExceededException">The company may not store that much more.</exception>
    public async Task ReserveAsync(Artifact artifact, long sizeBytes, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Locked, so that nothing is put aside for an artifact that is being deleted; that would never be given back.
        var mine = await db.Artifacts
            .FromSql($"select * from artifacts where id = {artifact.Id} and company_id = {artifact.CompanyId} and attempt = {artifact.Attempt} for update")
            .AsNoTracking()
            .AnyAsync(a => a.Status == ArtifactStatus.UploadStarted, ct);
        if (mine)
        {
            await quota.ReserveAsync(db, UsageKind.StoredBytes, artifact.CompanyId, artifact.Id, sizeBytes, ct);
        }

        await transaction.CommitAsync(ct);
    }
}
