using System.Security.Cryptography;
using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
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

/// <summary>Reads the head of one object with a key's S3 credentials, and says in words what stands in the way.</summary>
internal static class TestS3Credentials
{
    /// <summary>Someone waits for the answer; a store that takes longer can't be worked with either.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task<Results<Ok<S3CredentialsTest>, BadRequestError, NotFoundError>> Handle(
        string apiKeyId,
        TestS3CredentialsRequest request,
        Caller caller,
        PlatformDb db,
        SecretBox secrets,
        AddressGuard guard,
        AuditTrail audit,
        IOptions<StorageOptions> storage,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (S3Path.Parse(request.S3Path ?? "") is not { } path)
        {
            return Error.InvalidS3Path("s3Path");
        }

        if (!await db.ApiKeys.AnyAsync(k => k.Id == apiKeyId && k.CompanyId == caller.CompanyId, ct))
        {
            return Error.ApiKeyNotFound();
        }

        var credentials = await db.S3Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.ApiKeyId == apiKeyId && c.CompanyId == caller.CompanyId, ct);
        if (credentials is null)
        {
            return Error.S3CredentialsNotFound();
        }

        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var verdict = await TryAsync(credentials, path, secrets, guard, storage.Value, either.Token);
        db.Add(audit.Entry(AuditActions.S3CredentialsTested, apiKeyId, new { request.S3Path, verdict.Ok, verdict.Problem }));
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(verdict);
    }

    private static async Task<S3CredentialsTest> TryAsync(S3Credentials credentials, S3Path path, SecretBox secrets, AddressGuard guard, StorageOptions storage, CancellationToken ct)
    {
        S3Access access;
        try
        {
            access = credentials.Open(secrets);
        }
        catch (CryptographicException)
        {
            return Failed("credentials_unreadable", "The stored credentials can't be decrypted any more; the platform's master key has changed. Attach them again.");
        }

        using var source = S3Source.Open(access, guard, storage);
        try
        {
            await source.HeadAsync(path.Bucket, path.Key, ct);
            return new S3CredentialsTest(Ok: true, Problem: null, Hint: null);
        }
        catch (S3SourceException e) when (e.Problem == S3Problem.AccessDenied)
        {
            return await ExplainDenialAsync(source, path, ct);
        }
        catch (S3SourceException e)
        {
            return Explain(e.Problem, path, access);
        }
        catch (OperationCanceledException)
        {
            return Explain(S3Problem.Unreachable, path, access);
        }
    }

    /// <summary>A store that may not say what is in a bucket denies a missing object and a forbidden one alike; what listing says tells them apart.</summary>
    private static async Task<S3CredentialsTest> ExplainDenialAsync(S3Source source, S3Path path, CancellationToken ct) => await source.ListsAsync(path.Bucket, path.Key, ct) switch
    {
        true => Failed("get_object_denied", $"The credentials may list the bucket, but not read the object. Grant s3:GetObject on arn:aws:s3:::{path.Bucket}/*."),
        false => Failed("not_found", $"There is no object {path.Key} in the bucket, and s3:GetObject is missing. Check the path; grant s3:GetObject on arn:aws:s3:::{path.Bucket}/*."),
        null => Failed(
            "get_object_and_list_bucket_denied",
            $"The credentials may neither read the object nor list the bucket. Grant s3:GetObject on arn:aws:s3:::{path.Bucket}/* and s3:ListBucket on arn:aws:s3:::{path.Bucket}; without the latter a missing object looks the same."),
    };

    internal static S3CredentialsTest Explain(S3Problem problem, S3Path path, S3Access access) => problem switch
    {
        S3Problem.NotFound => Failed("not_found", $"There is no object {path.Key} in bucket {path.Bucket}. Check the path; keys are case-sensitive."),
        S3Problem.NoSuchBucket => Failed("no_such_bucket", $"There is no bucket {path.Bucket} at this endpoint. Check its name, the region and the endpoint."),
        S3Problem.UnknownAccessKey => Failed("unknown_access_key", "The access key id does not exist at this endpoint. Check the id and the endpoint."),
        S3Problem.WrongSecret => Failed("wrong_secret", "The secret access key does not fit the access key id. Attach the right one."),
        S3Problem.TokenInvalid => Failed("session_token_invalid", "The session token has ended, or is not valid. Temporary credentials last a few hours: attach new ones, all three parts."),
        S3Problem.WrongRegion => Failed("wrong_region", $"Bucket {path.Bucket} is not in region {access.Region}. Attach the credentials with the bucket's region."),
        S3Problem.ClockSkew => Failed("clock_skew", "The store says that its clock and the platform's differ too much. The operator must correct one of the two."),
        S3Problem.ForbiddenAddress => Failed("endpoint_forbidden", "The endpoint leads to a private or local address, which may not be used. Use a public one, or have the operator allow its network."),
        S3Problem.NotAStore => Failed("endpoint_not_s3", $"{Endpoint(access)} answers, but not as an S3 store does. Check the endpoint and its port: it must be the store's own address, not that of a website or console."),
        S3Problem.Unreachable => Failed("endpoint_unreachable", $"{Endpoint(access)} did not answer as an S3 store. Check the endpoint, its port and whether it is http or https."),
        _ => Failed("store_error", "The store answered with an error of its own. Try again; if it stays, look at the store."),
    };

    private static string Endpoint(S3Access access) => access.Endpoint?.Authority ?? "The endpoint";

    private static S3CredentialsTest Failed(string problem, string hint) => new(Ok: false, problem, hint);
}
