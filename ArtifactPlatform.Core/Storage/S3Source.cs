using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ArtifactPlatform.Core.Network;

namespace ArtifactPlatform.Core.Storage;

/// <summary>Why a customer's object can't be read.</summary>
public enum S3Problem
{
    /// <summary>No such object, or no permission to list, which S3 doesn't tell apart for everyone.</summary>
    NotFound,
    AccessDenied,
    UnknownAccessKey,
    WrongSecret,

    /// <summary>Temporary credentials whose session token has ended, or is none.</summary>
    TokenInvalid,
    WrongRegion,
    ClockSkew,
    NoSuchBucket,
    ForbiddenAddress,
    Unreachable,

    /// <summary>Something answers there, but not in S3's words.</summary>
    NotAStore,
    Other,
}

/// <summary>A customer's object can't be read.</summary>
public sealed class S3SourceException(S3Problem problem, string detail, Exception cause) : IOException(detail, cause)
{
    public S3Problem Problem { get; } = problem;
}

/// <summary>Reads a customer's bucket with the customer's own credentials.</summary>
public sealed class S3Source(S3Access access, AddressGuard guard) : IDisposable
{
    private readonly AmazonS3Client client = S3Clients.ForCustomer(access, guard);

    /// <summary>Whether the credentials are for the store that the platform itself uses, so that a copy can stay inside it.</summary>
    public static bool IsSameStore(S3Access access, StorageOptions options) =>
        access.Endpoint is { } endpoint && new[] { options.Address.Endpoint, options.PublicEndpoint }.Any(own => own is not null && Uri.Compare(own, endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0);

    /// <summary>With the guard in force, but for the platform's own store, which is where the operator put it, private address or not.</summary>
    public static S3Source Open(S3Access access, AddressGuard guard, StorageOptions options) => new(access, IsSameStore(access, options) ? AddressGuard.None : guard);

    /// <summary>Looks at the object, which needs permission to read it.</summary>
    /// <exception cref="S3SourceException">It can't be read; says why.</exception>
    public async Task<StoredObject> HeadAsync(string bucket, string key, CancellationToken ct)
    {
        try
        {
            // A ranged GET rather than a HEAD: the answer to a refused HEAD has no body, so it can't say why.
            using var first = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange(0, 0) }, ct);
            if (first.ETag is null)
            {
                throw new S3SourceException(S3Problem.NotAStore, "The answer has no ETag, which every object of S3 has.", new InvalidDataException());
            }

            var total = first.ContentRange is { } range ? long.Parse(range[(range.LastIndexOf('/') + 1)..], System.Globalization.CultureInfo.InvariantCulture) : first.ContentLength;
            return new StoredObject(total, first.ETag);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return new StoredObject(0, "");
        }
        catch (Exception e) when (e is not S3SourceException and (AmazonServiceException or AmazonClientException or HttpRequestException or IOException))
        {
            throw Explain(e);
        }
    }

    /// <summary>Reads the object from <paramref name="offset"/> on, if it has not changed.</summary>
    /// <exception cref="S3SourceException">It can't be read; says why.</exception>
    public async Task<Stream> OpenReadAsync(string bucket, string key, StoredObject source, long offset, CancellationToken ct)
    {
        try
        {
            var response = await client.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = key, EtagToMatch = source.ETag, ByteRange = offset > 0 ? new ByteRange(offset, source.SizeBytes - 1) : null },
                ct);
            return response.ResponseStream;
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw Explain(e);
        }
    }

    /// <summary>Looks for the object by listing, which needs another permission than reading it.</summary>
    /// <returns>Whether it is there; null when the bucket may not be listed.</returns>
    public async Task<bool?> ListsAsync(string bucket, string key, CancellationToken ct)
    {
        try
        {
            var listed = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = key, MaxKeys = 1 }, ct);
            return listed.S3Objects?.Any(o => o.Key == key) == true;
        }
        catch (AmazonServiceException)
        {
            return null;
        }
    }

    public void Dispose() => client.Dispose();

    private static S3SourceException Explain(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is ForbiddenAddressException forbidden)
            {
                return new S3SourceException(S3Problem.ForbiddenAddress, forbidden.Message, e);
            }
        }

        if (e is not AmazonS3Exception s3)
        {
            return new S3SourceException(S3Problem.Unreachable, e.Message, e);
        }

        var problem = s3.ErrorCode switch
        {
            "NoSuchKey" => S3Problem.NotFound,
            "NoSuchBucket" => S3Problem.NoSuchBucket,
            "AccessDenied" or "AllAccessDisabled" => S3Problem.AccessDenied,
            "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" => S3Problem.TokenInvalid,
            "InvalidAccessKeyId" => S3Problem.UnknownAccessKey,
            "SignatureDoesNotMatch" => S3Problem.WrongSecret,
            "RequestTimeTooSkewed" => S3Problem.ClockSkew,
            "AuthorizationHeaderMalformed" or "PermanentRedirect" or "IllegalLocationConstraintException" => S3Problem.WrongRegion,
            // The client library puts the status where a refusal has no error document of S3's.
            _ when s3.ErrorCode == s3.StatusCode.ToString() && s3.StatusCode < HttpStatusCode.InternalServerError => S3Problem.NotAStore,
            _ when s3.StatusCode == HttpStatusCode.NotFound => S3Problem.NotFound,
            _ when s3.StatusCode == HttpStatusCode.Forbidden => S3Problem.AccessDenied,
            _ => S3Problem.Other,
        };
        return new S3SourceException(problem, s3.Message, e);
    }
}
