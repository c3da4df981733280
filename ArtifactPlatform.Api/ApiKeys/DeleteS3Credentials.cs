using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class DeleteS3Credentials
{
    public static async Task<Results<NoContent, NotFoundError>> Handle(string apiKeyId, Caller caller, PlatformDb db, CancellationToken ct)
    {
        if (await db.S3Credentials.Where(c => c.ApiKeyId == apiKeyId && c.CompanyId == caller.CompanyId).ExecuteDeleteAsync(ct) == 1)
        {
            return TypedResults.NoContent();
        }

        return await db.ApiKeys.AnyAsync(k => k.Id == apiKeyId && k.CompanyId == caller.CompanyId, ct) ? Error.S3CredentialsNotFound() : Error.ApiKeyNotFound();
    }
}
