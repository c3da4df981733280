using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class CreateApiKey
{
    public static async Task<Results<Created<CreatedApiKey>, BadRequestError>> Handle(CreateApiKeyRequest request, Caller caller, PlatformDb db, TimeProvider clock, CancellationToken ct)
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
        await db.SaveChangesAsync(ct);
        var user = await db.Users.Where(u => u.Id == caller.UserId).Select(u => u.Name).SingleOrDefaultAsync(ct);
        return TypedResults.Created($"/api/v1/api-keys/{key.Id}", new CreatedApiKey
        {
            Id = key.Id,
            Name = key.Name,
            Prefix = key.Prefix,
            Scopes = key.ScopeList,
            CreatedAt = key.CreatedAt,
            ExpiresAt = key.ExpiresAt,
            CreatedBy = new NamedRef(key.UserId, user),
            HasS3Credentials = false,
            Key = secret,
        });
    }
}
