using System.Security.Cryptography;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Network;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>Opens customers' buckets with the S3 credentials of the API key that asked.</summary>
public sealed partial class CustomerBuckets(IDbContextFactory<PlatformDb> databases, SecretBox secrets, IOptions<StorageOptions> storage, IOptions<IngestOptions> ingest, ILogger<CustomerBuckets> logger)
{
    private readonly AddressGuard guard = ingest.Value.CreateGuard();

    /// <summary>The credentials' view of their store, and whether that is the platform's own.</summary>
    /// <exception cref="IngestFailedException">The key has no credentials any more.</exception>
    public async Task<(S3Source Source, bool SameStore)> OpenAsync(string companyId, string? apiKeyId, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var stored = await db.S3Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.ApiKeyId == apiKeyId && c.CompanyId == companyId, ct)
            ?? throw new IngestFailedException("s3_credentials_missing", "The API key that created this artifact has no S3 credentials any more. Attach them to the key again, then retry.");
        var access = Open(stored);
        return (S3Source.Open(access, guard, storage.Value), S3Source.IsSameStore(access, storage.Value));
    }

    private S3Access Open(S3Credentials stored)
    {
        try
        {
            return stored.Open(secrets);
        }
        catch (CryptographicException e)
        {
            LogUnreadable(logger, e);
            throw new IngestFailedException("s3_credentials_unreadable", "The stored S3 credentials can't be decrypted any more; the platform's master key has changed. Attach them to the API key again, then retry.");
        }
    }

    /// <summary>Turns what the store said into a sentence for the person who attached the credentials.</summary>
    public static Exception Explain(string bucket, string key, Exception e) => e is not S3SourceException s3 ? e : s3.Problem switch
    {
        S3Problem.NotFound => new IngestFailedException("s3_not_found", $"There is no object {key} in bucket {bucket}. Check the path; keys are case-sensitive."),
        S3Problem.NoSuchBucket => new IngestFailedException("s3_not_found", $"There is no bucket {bucket} at the credentials' endpoint. Check the name, the region and the endpoint."),
        S3Problem.AccessDenied => new IngestFailedException("s3_access_denied", $"The S3 credentials may not read {key} in bucket {bucket}. Grant them s3:GetObject there, then retry."),
        S3Problem.UnknownAccessKey => new IngestFailedException("s3_access_denied", "The S3 access key id does not exist at this endpoint. Attach valid credentials to the API key, then retry."),
        S3Problem.WrongSecret => new IngestFailedException("s3_access_denied", "The S3 secret access key does not fit its access key id. Attach valid credentials to the API key, then retry."),
        S3Problem.TokenInvalid => new IngestFailedException("s3_access_denied", "The session token of the S3 credentials has ended, or is not valid. Attach new credentials to the API key, then retry."),
        S3Problem.WrongRegion => new IngestFailedException("s3_wrong_region", $"Bucket {bucket} is in another region than the credentials say. Correct the region, then retry."),
        S3Problem.ForbiddenAddress => new IngestFailedException("forbidden_address", "The credentials' S3 endpoint leads to a private or local address, which may not be used. Use a public endpoint, or have the operator allow its network."),
        S3Problem.ClockSkew => new IngestDelayedException("s3_clock_skew", "The store says that the clocks differ too much. The operator must correct the clock of one of the two."),
        _ => new IngestDelayedException("s3_unreachable", "The S3 endpoint did not answer as it should, again and again. Check the endpoint, then retry."),
    };

    [LoggerMessage(LogLevel.Error, "S3 credentials can't be decrypted: is Secrets:MasterKey the one they were stored with?")]
    private static partial void LogUnreadable(ILogger logger, Exception exception);
}
