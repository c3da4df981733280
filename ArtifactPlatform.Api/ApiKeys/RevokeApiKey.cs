using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class RevokeApiKey
{
    public static async Task<Results<NoContent, NotFoundError>> Handle(string apiKeyId, Caller caller, PlatformDb db, TimeProvider clock, CancellationToken ct)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        var found = await db.ApiKeys
            .Where(k => k.Id == apiKeyId && k.CompanyId == caller.CompanyId)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, k => k.RevokedAt ?? now), ct);
        return found == 1 ? TypedResults.NoContent() : Error.ApiKeyNotFound();
    }
}
