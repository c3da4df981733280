using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace ArtifactPlatform.Core.Storage;

/// <summary>The object changed or went away between the look at it and the copy.</summary>
public sealed class SourceChangedException() : IOException("The source changed while it was copied.");

/// <summary>The platform's own credentials may not read the source.</summary>
public sealed class CopyRefusedException(Exception cause) : IOException("The store does not let the platform read the source.", cause);

/// <summary>Copies inside the store: no byte comes through this process.</summary>
public sealed class ObjectCopier(ObjectStore store)
{
    /// <summary>512 MiB: few requests, yet several at once for a large file, and far below S3's 5 GiB for one part.</summary>
    private const long PartSizeBytes = 512L << 20;

    /// <summary>S3's least part; only reached when the limit on single copies is set low.</summary>
    private const long MinPartSizeBytes = 5L << 20;

    private const int PartsInFlight = 4;

    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Copies an object of any bucket that the platform's own credentials can read, if it still is <paramref name="source"/>.</summary>
    /// <exception cref="SourceChangedException">Its ETag is another one now.</exception>
    /// <exception cref="CopyRefusedException">The platform may not read that bucket.</exception>
    public async Task CopyAsync(string sourceBucket, string sourceKey, StoredObject source, string key, Action<long> progress, CancellationToken ct)
    {
        try
        {
            if (source.SizeBytes <= store.Options.SingleCopyMaxBytes)
            {
                await store.Client.CopyObjectAsync(
                    new CopyObjectRequest
                    {
                        SourceBucket = sourceBucket,
                        SourceKey = sourceKey,
                        ETagToMatch = source.ETag,
                        DestinationBucket = store.Bucket,
                        DestinationKey = key,
                        // The bytes alone, as a copy in parts takes: what else the source says of itself, an encoding above all, would be told to all who read the copy.
                        MetadataDirective = S3MetadataDirective.REPLACE,
                    },
                    ct);
                progress(source.SizeBytes);
            }
            else
            {
                await CopyPartsAsync(sourceBucket, sourceKey, source, key, progress, ct);
            }
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            throw new SourceChangedException();
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Forbidden)
        {
            throw new CopyRefusedException(e);
        }
    }

    private async Task CopyPartsAsync(string sourceBucket, string sourceKey, StoredObject source, string key, Action<long> progress, CancellationToken ct)
    {
        var partSize = Math.Clamp(store.Options.SingleCopyMaxBytes, MinPartSizeBytes, PartSizeBytes);
        var count = (int)((source.SizeBytes + partSize - 1) / partSize);
        var etags = new PartETag[count];
        long copied = 0;
        var upload = await store.Client.InitiateMultipartUploadAsync(store.Bucket, key, ct);
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = PartsInFlight, CancellationToken = ct }, async (index, token) =>
            {
                var first = index * partSize;
                var last = Math.Min(first + partSize, source.SizeBytes) - 1;
                var response = await store.Client.CopyPartAsync(
                    new CopyPartRequest
                    {
                        SourceBucket = sourceBucket,
                        SourceKey = sourceKey,
                        ETagToMatch = [source.ETag],
                        DestinationBucket = store.Bucket,
                        DestinationKey = key,
                        UploadId = upload.UploadId,
                        PartNumber = index + 1,
                        FirstByte = first,
                        LastByte = last,
                    },
                    token);
                etags[index] = new PartETag(index + 1, response.ETag);
                progress(Interlocked.Add(ref copied, last - first + 1));
            });
            await store.Client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = store.Bucket, Key = key, UploadId = upload.UploadId, PartETags = [.. etags] }, ct);
        }
        catch
        {
            using var abort = new CancellationTokenSource(AbortTimeout);
            await store.AbortAsync(key, upload.UploadId, abort.Token);
            throw;
        }
    }
}
