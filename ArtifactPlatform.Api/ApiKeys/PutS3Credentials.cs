using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Network;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class PutS3Credentials
{
    public static async Task<Results<Ok<S3CredentialsObject>, BadRequestError, NotFoundError, ConflictError>> Handle(
        string apiKeyId,
        PutS3CredentialsRequest request,
        Caller caller,
        PlatformDb db,
        SecretBox secrets,
        AddressGuard guard,
        AuditTrail audit,
        IOptions<StorageOptions> storage,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (request.Endpoint is { } endpoint && CheckEndpoint(endpoint, guard, storage.Value) is { } error)
        {
            return error;
        }

        if (await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == apiKeyId && k.CompanyId == caller.CompanyId, ct) is not { } key)
        {
            return Error.ApiKeyNotFound();
        }

        var now = clock.GetUtcNow();
        if (key.RevokedAt is not null || key.ExpiresAt <= now)
        {
            return Error.ApiKeyEnded();
        }

        var credentials = await db.S3Credentials.SingleOrDefaultAsync(c => c.ApiKeyId == apiKeyId && c.CompanyId == caller.CompanyId, ct);
        if (credentials is null)
        {
            credentials = new S3Credentials(apiKeyId, caller.CompanyId, now);
            db.Add(credentials);
        }

        credentials.Replace(
            request.AccessKeyId ?? "",
            secrets.Protect(SecretBox.S3CredentialsPurpose, request.SecretAccessKey ?? ""),
            request.SessionToken is { } token ? secrets.Protect(SecretBox.S3CredentialsPurpose, token) : null,
            request.Region ?? "",
            request.Endpoint,
            now);
        db.Add(audit.Entry(AuditActions.S3CredentialsAttached, apiKeyId, new { credentials.AccessKeyId, credentials.Region, credentials.Endpoint }));
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(credentials.ToObject());
    }

    private static BadRequestError? CheckEndpoint(string endpoint, AddressGuard guard, StorageOptions storage)
    {
        var verdict = UrlRules.Check(endpoint, guard);
        if (verdict == UrlVerdict.Malformed || new Uri(endpoint).PathAndQuery != "/")
        {
            return Error.InvalidUrl("endpoint");
        }

        // The platform's own store is where the operator put it, private address or not.
        return verdict == UrlVerdict.Good || S3Source.IsSameStore(new S3Access("", "", null, "", new Uri(endpoint)), storage) ? null : Error.ForbiddenAddress("endpoint");
    }
}
