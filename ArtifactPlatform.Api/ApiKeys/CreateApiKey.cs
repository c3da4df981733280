using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class CreateApiKey
{
    public static async Task<Results<Created<CreatedApiKey>, BadRequestError>> Handle(
        CreateApiKeyRequest request, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        var scopes = (request.Scopes ?? []).ToList();
        var unknown = scopes.FindIndex(s => !Scopes.All.Contains(s));
        if (unknown >= 0)
        {
            return Error.UnknownScope($"scopes[{unknown}]", Scopes.All);
        }

        var now = clock.GetUtcNow();
        if (request.ExpiresAt <= now)
        {
            return Error.ExpiryPast();
        }

        var secret = SecretToken.New(SecretToken.ApiKeyPrefix);
        var key = new ApiKey(caller.CompanyId, caller.UserId, request.Name ?? "", secret, scopes.Distinct(), now, request.ExpiresAt);
        db.Add(key);
        db.Add(audit.Entry(AuditActions.ApiKeyCreated, key.Id, new { key.Name, key.Prefix, Scopes = key.ScopeList, key.ExpiresAt }));
        await db.SaveChangesAsync(ct);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/v1/api-keys/{key.Id}", (await ShowApiKey.ReadAsync(db, caller.CompanyId, key.Id, ct)).WithKey(secret));
    }
}
