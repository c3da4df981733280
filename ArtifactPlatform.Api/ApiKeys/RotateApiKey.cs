using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.ApiKeys;

/// <summary>Gives a key a new secret under the same id, with the same scopes and S3 credentials; the old one stays good for a while.</summary>
internal static class RotateApiKey
{
    /// <summary>Long enough to roll out the new key by hand.</summary>
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromDays(1);

    public static async Task<Results<Ok<CreatedApiKey>, NotFoundError, ConflictError>> Handle(
        string apiKeyId, RotateApiKeyRequest? request, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        var key = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == apiKeyId && k.CompanyId == caller.CompanyId, ct);
        if (key is null)
        {
            return Error.ApiKeyNotFound();
        }

        var now = clock.GetUtcNow();
        if (key.RevokedAt is not null || key.ExpiresAt <= now)
        {
            return Error.ApiKeyEnded();
        }

        var secret = SecretToken.New(SecretToken.ApiKeyPrefix);
        DateTimeOffset? until = now + (request?.GracePeriodSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultGrace);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Of two rotations at once one wins: the other's new key would be refused from the first moment.
        var rotated = await db.ApiKeys
            .Where(k => k.Id == apiKeyId && k.CompanyId == caller.CompanyId && k.KeyHash == key.KeyHash && k.RevokedAt == null)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(k => k.PreviousKeyHash, key.KeyHash)
                    .SetProperty(k => k.PreviousExpiresAt, until)
                    .SetProperty(k => k.KeyHash, SecretToken.Hash(secret))
                    .SetProperty(k => k.Prefix, SecretToken.Shown(secret)),
                ct);
        if (rotated == 0)
        {
            return Error.ApiKeyChanged();
        }

        db.Add(audit.Entry(AuditActions.ApiKeyRotated, apiKeyId, new { key.Name, Prefix = SecretToken.Shown(secret), PreviousExpiresAt = until }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok((await ShowApiKey.ReadAsync(db, caller.CompanyId, apiKeyId, ct)).WithKey(secret));
    }
}
