using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class GetS3Credentials
{
    public static async Task<Results<Ok<S3CredentialsObject>, NotFoundError>> Handle(string apiKeyId, Caller caller, PlatformDb db, CancellationToken ct)
    {
        if (!await db.ApiKeys.AnyAsync(k => k.Id == apiKeyId && k.CompanyId == caller.CompanyId, ct))
        {
            return Error.ApiKeyNotFound();
        }

        var credentials = await db.S3Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.ApiKeyId == apiKeyId && c.CompanyId == caller.CompanyId, ct);
        return credentials is null ? Error.S3CredentialsNotFound() : TypedResults.Ok(credentials.ToObject());
    }
}
