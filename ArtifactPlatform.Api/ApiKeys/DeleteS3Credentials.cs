using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class DeleteS3Credentials
{
    public static async Task<Results<NoContent, NotFoundError>> Handle(string apiKeyId, Caller caller, PlatformDb db, AuditTrail audit, CancellationToken ct)
    {
        if (await db.ApiKeys.Where(k => k.Id == apiKeyId && k.CompanyId == caller.CompanyId).Select(k => k.Name).SingleOrDefaultAsync(ct) is not { } keyName)
        {
            return Error.ApiKeyNotFound();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.S3Credentials.Where(c => c.ApiKeyId == apiKeyId && c.CompanyId == caller.CompanyId).ExecuteDeleteAsync(ct) == 0)
        {
            return Error.S3CredentialsNotFound();
        }

        db.Add(audit.Entry(AuditActions.S3CredentialsRemoved, apiKeyId, new { Name = keyName }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
