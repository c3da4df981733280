using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Core.Storage;

/// <summary>What the store says of an object.</summary>
/// <param name="SizeBytes">Length.</param>
/// <param name="ETag">Changes whenever the bytes do; given back to the store to make sure that they have not.</param>
public sealed record StoredObject(long SizeBytes, string ETag);

/// <summary>An object as a listing shows it.</summary>
/// <param name="ModifiedAt">When it was written, by the store's clock.</param>
public sealed record ListedObject(string Key, long SizeBytes, DateTimeOffset ModifiedAt);

/// <summary>A page of a listing.</summary>
/// <param name="IsLast">Behind it there is nothing.</param>
public sealed record ListedPage(IReadOnlyList<ListedObject> Objects, bool IsLast);

/// <summary>The platform's bucket. Keys come from <see cref="ObjectKeys"/>.</summary>
public sealed class ObjectStore : IDisposable
{
    /// <summary>Smaller files go in one PUT, which takes a store less than parts do, and is soon sent again; larger ones in parts, several at a time.</summary>
    private const long OnePutBytes = 64L << 20;

    /// <summary>Requests at once when many objects are removed.</summary>
    private const int DeleteParallelism = 8;

    private readonly StorageOptions options;
    private readonly TimeProvider clock;
    private readonly AmazonS3Client client;
    private readonly AmazonS3Client publicClient;

    public ObjectStore(IOptions<StorageOptions> options, TimeProvider clock)
    {
        this.options = options.Value;
        this.clock = clock;
        client = S3Clients.ForPlatform(this.options, this.options.Address.Endpoint);
        publicClient = S3Clients.ForPlatform(this.options, PublicEndpoint);
    }

    public string Bucket => options.Bucket;

    /// <summary>The address that presigned URLs carry.</summary>
    public Uri PublicEndpoint => options.PublicEndpoint ?? options.Address.Endpoint;

    internal IAmazonS3 Client => client;

    internal StorageOptions Options => options;

    /// <summary>A URL that takes one PUT of up to 5 GB (S3's own limit). Whoever has it can upload: it never goes to a log.</summary>
    public string PresignPut(string key, TimeSpan lifetime) => Presign(publicClient, key, HttpVerb.PUT, lifetime, headers: null);

    /// <summary>A URL that clients can read the object at.</summary>
    /// <param name="fileName">What a browser saves it as.</param>
    public string PresignGet(string key, TimeSpan lifetime, string fileName, string? contentType) => Presign(publicClient, key, HttpVerb.GET, lifetime, new()
    {
        // RFC 6266: any name goes percent-encoded into filename*, so that none can break out of the header.
        ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(fileName)}",
        ContentType = contentType ?? "application/octet-stream",
    });

    /// <summary>A URL that players read the object at: shown, not saved.</summary>
    public string PresignMedia(string key, TimeSpan lifetime, string contentType) => PresignMedia(key, lifetime, contentType, HttpVerb.GET);

    /// <summary>The same for a HEAD request: a signature holds for one method.</summary>
    public string PresignMediaHead(string key, TimeSpan lifetime, string contentType) => PresignMedia(key, lifetime, contentType, HttpVerb.HEAD);

    /// <summary>A URL that only this network reaches, for ffmpeg to read.</summary>
    public string PresignInternalGet(string key, TimeSpan lifetime) => Presign(client, key, HttpVerb.GET, lifetime, headers: null);

    /// <returns>Null when there is no such object.</returns>
    public Task<StoredObject?> HeadAsync(string key, CancellationToken ct) => HeadAsync(client, Bucket, key, ct);

    /// <summary>Reads the object, if it still has <paramref name="etag"/>.</summary>
    /// <param name="etag">Null = whatever is there.</param>
    /// <exception cref="AmazonS3Exception">It is gone (404) or has changed (412).</exception>
    public async Task<Stream> OpenReadAsync(string key, string? etag, CancellationToken ct)
    {
        try
        {
            // The SDK takes the MD5 of what comes without a range, in managed code, which takes three to nine times as long as reading.
            var response = await client.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = key, EtagToMatch = etag, ByteRange = new ByteRange("bytes=0-") }, ct);
            return response.ResponseStream;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // Of an empty object there is no range.
            return Stream.Null;
        }
    }

    /// <summary>Writes a file in one go or in parts, as its length asks for.</summary>
    public async Task WriteFileAsync(string key, string path, string contentType, CancellationToken ct)
    {
        if (new FileInfo(path).Length < OnePutBytes)
        {
            await PutAsync(new PutObjectRequest { Key = key, FilePath = path, ContentType = contentType }, ct);
            return;
        }

        using var transfer = new TransferUtility(client);
        await transfer.UploadAsync(new TransferUtilityUploadRequest { BucketName = Bucket, Key = key, FilePath = path, ContentType = contentType }, ct);
    }

    /// <summary>Writes a small text.</summary>
    public Task WriteTextAsync(string key, string text, string contentType, CancellationToken ct) =>
        PutAsync(new PutObjectRequest { Key = key, ContentBody = text, ContentType = contentType }, ct);

    /// <summary>Deleting what is not there succeeds.</summary>
    public Task DeleteAsync(string key, CancellationToken ct) => client.DeleteObjectAsync(Bucket, key, ct);

    /// <summary>Removes every object below <paramref name="prefix"/>, and the parts of unfinished uploads.</summary>
    /// <param name="exceptKey">One key to leave.</param>
    public async Task DeleteBelowAsync(string prefix, string? exceptKey, CancellationToken ct)
    {
        await foreach (var key in ListAsync(prefix, ct))
        {
            if (key != exceptKey)
            {
                await DeleteAsync(key, ct);
            }
        }

        var uploads = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Bucket, Prefix = prefix }, ct);
        await Parallel.ForEachAsync(
            uploads.MultipartUploads ?? [],
            new ParallelOptions { MaxDegreeOfParallelism = DeleteParallelism, CancellationToken = ct },
            async (upload, token) => await AbortAsync(upload.Key, upload.UploadId, token));
    }

    /// <summary>Keys below <paramref name="prefix"/>, in the store's order.</summary>
    public async IAsyncEnumerable<string> ListAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var request = new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await client.ListObjectsV2Async(request, ct);
            foreach (var found in page.S3Objects ?? [])
            {
                yield return found.Key;
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    /// <summary>Up to <paramref name="limit"/> objects of the whole bucket behind a key, in the order of their keys' bytes.</summary>
    /// <param name="after">Empty = from the first.</param>
    public async Task<ListedPage> ListPageAsync(string after, int limit, CancellationToken ct)
    {
        var page = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, StartAfter = after.Length > 0 ? after : null, MaxKeys = limit }, ct);
        var objects = (page.S3Objects ?? []).ConvertAll(o => new ListedObject(o.Key, o.Size ?? 0, o.LastModified?.ToUniversalTime() ?? clock.GetUtcNow()));
        return new ListedPage(objects, page.IsTruncated != true || objects.Count == 0);
    }

    /// <summary>Whether the bucket answers a signed request.</summary>
    public async Task CheckAsync(CancellationToken ct) =>
        await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, MaxKeys = 1, Prefix = "health/" }, ct);

    public void Dispose()
    {
        client.Dispose();
        publicClient.Dispose();
    }

    internal static async Task<StoredObject?> HeadAsync(IAmazonS3 client, string bucket, string key, CancellationToken ct)
    {
        try
        {
            var head = await client.GetObjectMetadataAsync(bucket, key, ct);
            return new StoredObject(head.ContentLength, head.ETag);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes an object of this bucket with one PUT, whose body is signed as a whole: of one signed in chunks, some stores (Ceph) keep the
    /// encoding <c>aws-chunked</c> with the object and tell it to all who read it, which <c>curl --compressed</c> refuses.
    /// </summary>
    internal Task PutAsync(PutObjectRequest request, CancellationToken ct)
    {
        (request.BucketName, request.UseChunkEncoding) = (Bucket, false);
        return client.PutObjectAsync(request, ct);
    }

    /// <summary>Aborting an upload that is gone succeeds.</summary>
    internal async Task AbortAsync(string key, string uploadId, CancellationToken ct)
    {
        try
        {
            await client.AbortMultipartUploadAsync(Bucket, key, uploadId, ct);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
        }
    }

    internal string PresignPart(string key, string uploadId, int number, TimeSpan lifetime) =>
        Presign(publicClient, key, HttpVerb.PUT, lifetime, headers: null, request => (request.UploadId, request.PartNumber) = (uploadId, number));

    private string PresignMedia(string key, TimeSpan lifetime, string contentType, HttpVerb verb) => Presign(publicClient, key, verb, lifetime, new() { ContentType = contentType });

    private string Presign(AmazonS3Client signer, string key, HttpVerb verb, TimeSpan lifetime, ResponseHeaderOverrides? headers, Action<GetPreSignedUrlRequest>? more = null)
    {
        var request = new GetPreSignedUrlRequest
        {
            BucketName = Bucket,
            Key = key,
            Verb = verb,
            Expires = clock.GetUtcNow().UtcDateTime + lifetime,
            Protocol = ((AmazonS3Config)signer.Config).UseHttp ? Protocol.HTTP : Protocol.HTTPS,
        };
        if (headers is not null)
        {
            request.ResponseHeaderOverrides = headers;
        }

        more?.Invoke(request);
        return signer.GetPreSignedURL(request);
    }
}
