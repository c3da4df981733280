using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace ArtifactPlatform.Core.Storage.Doctor;

/// <summary>What the platform itself does with the store, below one prefix.</summary>
internal sealed class StoreChecks(ObjectStore store, string prefix)
{
    /// <summary>S3's least for every part but the last.</summary>
    private const int FirstPartBytes = 5 << 20;

    private const int LastPartBytes = 1024;

    private readonly byte[] content = RandomNumberGenerator.GetBytes(LastPartBytes);

    /// <summary>What is joined by <see cref="MultipartAsync"/> and looked at by the checks behind it.</summary>
    private CompleteMultipartUploadRequest? completed;

    private string JoinedKey => $"{prefix}joined";

    public async Task<string> PutAsync(CancellationToken ct)
    {
        var key = $"{prefix}put";
        await PutAsync(key, Md5(content), ct);
        using var read = await store.Client.GetObjectAsync(store.Bucket, key, ct);
        using var copy = new MemoryStream();
        await read.ResponseStream.CopyToAsync(copy, ct);
        return content.AsSpan().SequenceEqual(copy.ToArray())
            ? $"{content.Length} bytes were written and came back the same."
            : throw new CheckFailedException("Other bytes came back than were written.", "Something between here and the store, or the store itself, changes files. Use another address or store.");
    }

    public async Task<string> MultipartAsync(CancellationToken ct)
    {
        var upload = await store.Client.InitiateMultipartUploadAsync(store.Bucket, JoinedKey, ct);
        var parts = new List<PartETag>();
        foreach (var part in new[] { RandomNumberGenerator.GetBytes(FirstPartBytes), content })
        {
            using var body = new MemoryStream(part);
            var sent = await store.Client.UploadPartAsync(
                new UploadPartRequest { BucketName = store.Bucket, Key = JoinedKey, UploadId = upload.UploadId, PartNumber = parts.Count + 1, PartSize = part.Length, InputStream = body, MD5Digest = Md5(part) },
                ct);
            parts.Add(new PartETag(parts.Count + 1, sent.ETag));
        }

        var listed = await store.Client.ListPartsAsync(store.Bucket, JoinedKey, upload.UploadId, ct);
        if (listed.Parts?.Count != parts.Count)
        {
            throw new CheckFailedException($"{parts.Count} parts were sent; the store lists {listed.Parts?.Count ?? 0}.", "Uploads could not be resumed. Use a store that lists the parts of a multipart upload (s3:ListMultipartUploadParts).");
        }

        completed = new CompleteMultipartUploadRequest { BucketName = store.Bucket, Key = JoinedKey, UploadId = upload.UploadId, PartETags = parts };
        await store.Client.CompleteMultipartUploadAsync(completed, ct);
        await MustBeJoinedAsync(JoinedKey, "after it was completed", ct);
        return $"{parts.Count} parts were sent, listed and joined.";
    }

    /// <summary>Finalize is repeated after a lost answer: the store may succeed again or say that it knows no such upload, but must keep the object.</summary>
    public async Task<string> DoubleCompleteAsync(CancellationToken ct)
    {
        var answer = "succeeded again";
        try
        {
            await store.Client.CompleteMultipartUploadAsync(completed, ct);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchUpload")
        {
            answer = "was answered with NoSuchUpload";
        }

        await MustBeJoinedAsync(JoinedKey, "after it was completed a second time", ct);
        return $"Completing a second time {answer}, and the object stayed.";
    }

    public async Task<string> UploadPartCopyAsync(CancellationToken ct)
    {
        var key = $"{prefix}copied";
        var upload = await store.Client.InitiateMultipartUploadAsync(store.Bucket, key, ct);
        var parts = new List<PartETag>();
        foreach (var (first, last) in new[] { (0L, FirstPartBytes - 1L), (FirstPartBytes, FirstPartBytes + LastPartBytes - 1L) })
        {
            var copied = await store.Client.CopyPartAsync(
                new CopyPartRequest
                {
                    SourceBucket = store.Bucket, SourceKey = JoinedKey, DestinationBucket = store.Bucket, DestinationKey = key,
                    UploadId = upload.UploadId, PartNumber = parts.Count + 1, FirstByte = first, LastByte = last,
                },
                ct);
            parts.Add(new PartETag(parts.Count + 1, copied.ETag));
        }

        await store.Client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = store.Bucket, Key = key, UploadId = upload.UploadId, PartETags = parts }, ct);
        await MustBeJoinedAsync(key, "after it was copied in parts", ct);
        return "Ranges of an object were copied inside the store.";
    }

    /// <summary>The platform sends Content-MD5 with what it writes, so that bytes damaged on the way are refused.</summary>
    public async Task<string> ChecksumAsync(CancellationToken ct)
    {
        var key = $"{prefix}checksum";
        try
        {
            await PutAsync(key, Md5([]), ct);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode is "BadDigest" or "InvalidDigest")
        {
            return "A file that did not fit its Content-MD5 was refused; checksums are sent only where S3 requires them.";
        }

        throw new CheckFailedException(
            "A file was taken although it did not fit its Content-MD5.",
            "Bytes that change on the way would be kept. Have the store, or the proxy before it, verify Content-MD5; in a compatibility mode, switch strict checksums on.");
    }

    private async Task PutAsync(string key, string md5, CancellationToken ct)
    {
        using var body = new MemoryStream(content);
        await store.Client.PutObjectAsync(new PutObjectRequest { BucketName = store.Bucket, Key = key, InputStream = body, MD5Digest = md5 }, ct);
    }

    private async Task MustBeJoinedAsync(string key, string when, CancellationToken ct)
    {
        var size = (await store.HeadAsync(key, ct))?.SizeBytes;
        if (size != FirstPartBytes + LastPartBytes)
        {
            throw new CheckFailedException(
                size is null ? $"The object was not there {when}." : $"The object had {size} bytes {when}; its parts have {FirstPartBytes + LastPartBytes}.",
                "Large uploads would be lost or damaged. Use a store, or a version of it, that keeps to S3 here.");
        }
    }

#pragma warning disable CA5351 // A checksum of transport that the protocol prescribes, not a safeguard against people.
    private static string Md5(byte[] bytes) => Convert.ToBase64String(MD5.HashData(bytes));
#pragma warning restore CA5351
}
