using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class RevokeApiKey
{
    public static async Task<Results<NoContent, NotFoundError>> Handle(string apiKeyId, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        if (await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == apiKeyId && k.CompanyId == caller.CompanyId, ct) is not { } key)
        {
            return Error.ApiKeyNotFound();
        }

        DateTimeOffset? now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var revoked = await db.ApiKeys
            .Where(k => k.Id == apiKeyId && k.CompanyId == caller.CompanyId && k.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, now), ct);
        if (revoked == 1)
        {
            db.Add(audit.Entry(AuditActions.ApiKeyRevoked, apiKeyId, new { key.Name, key.Prefix }));
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
