using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace ArtifactPlatform.Core.Storage;

/// <summary>A part that the store has.</summary>
public sealed record StoredPart(int Number, string ETag, long SizeBytes);

/// <summary>Multipart uploads whose parts clients send themselves, by presigned URLs.</summary>
public sealed class MultipartUploads(ObjectStore store)
{
    /// <summary>S3's most in one answer.</summary>
    private const int PageSize = 1000;

    /// <returns>The store's id of the new upload.</returns>
    public async Task<string> BeginAsync(string key, string contentType, CancellationToken ct) =>
        (await store.Client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = store.Bucket, Key = key, ContentType = contentType }, ct)).UploadId;

    /// <summary>What the store has, by number.</summary>
    /// <returns>Null when it knows no such upload: it was completed or aborted.</returns>
    public async Task<List<StoredPart>?> ListAsync(string key, string uploadId, CancellationToken ct)
    {
        var parts = new List<StoredPart>();
        var request = new ListPartsRequest { BucketName = store.Bucket, Key = key, UploadId = uploadId, MaxParts = PageSize };
        try
        {
            ListPartsResponse page;
            do
            {
                page = await store.Client.ListPartsAsync(request, ct);
                parts.AddRange((page.Parts ?? []).Select(p => new StoredPart(p.PartNumber ?? 0, p.ETag, p.Size ?? 0)));
                request.PartNumberMarker = page.NextPartNumberMarker?.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
            while (page.IsTruncated == true);
            return parts;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Joins the parts. Doing it again, or after somebody else did, succeeds; whether the object is there, a HEAD tells.</summary>
    public async Task CompleteAsync(string key, string uploadId, IEnumerable<StoredPart> parts, CancellationToken ct)
    {
        try
        {
            await store.Client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = store.Bucket, Key = key, UploadId = uploadId, PartETags = [.. parts.Select(p => new PartETag(p.Number, p.ETag))] },
                ct);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
        }
    }

    public Task AbortAsync(string key, string uploadId, CancellationToken ct) => store.AbortAsync(key, uploadId, ct);

    /// <summary>A URL that takes one part.</summary>
    public string PresignPart(string key, string uploadId, int number, TimeSpan lifetime) => store.PresignPart(key, uploadId, number, lifetime);
}
