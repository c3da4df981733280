using System.Buffers;
using System.Security.Cryptography;
using Amazon.S3.Model;

namespace ArtifactPlatform.Core.Storage;

/// <summary>What was written: its length and the SHA-256 of the bytes, 64 hex digits.</summary>
public sealed record WrittenObject(long SizeBytes, string Sha256);

/// <summary>The stream holds more bytes than allowed.</summary>
public sealed class TooLargeException(long maxBytes) : IOException($"More than {maxBytes} bytes.");

/// <summary>
/// Writes a stream of unknown length to the store: one PUT when it fits one part, else a multipart upload with several parts under
/// way while the next is read. Memory is bounded by the parts in flight, whatever the length.
/// </summary>
public sealed class ObjectWriter(ObjectStore store)
{
    /// <summary>
    /// 8 MiB: 10,000 parts (S3's limit) reach 78 GiB, far above the size cap of one artifact; S3's least is 5 MiB. Larger parts only
    /// cost memory: parts in flight, not their size, fill the line.
    /// </summary>
    public const int PartSizeBytes = 8 << 20;

    /// <summary>Parts being sent while another is read: enough to hide the store's latency, and 40 MiB in all.</summary>
    private const int PartsInFlight = 4;

    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Writes all of <paramref name="source"/> to <paramref name="key"/>; on failure nothing stays behind.</summary>
    /// <param name="maxBytes">More than that ends it.</param>
    /// <param name="progress">Called with the bytes read so far.</param>
    /// <exception cref="TooLargeException">The source holds more than <paramref name="maxBytes"/>.</exception>
    public async Task<WrittenObject> WriteAsync(string key, Stream source, long maxBytes, Action<long> progress, CancellationToken ct)
    {
        using var buffers = new PartBuffers(PartsInFlight + 1);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = new PartReader(source, hash, maxBytes, progress);

        var first = await buffers.RentAsync(ct);
        var length = await reader.FillAsync(first, ct);
        if (length < PartSizeBytes)
        {
            using var body = new MemoryStream(first, 0, length, writable: false);
            await store.PutAsync(new PutObjectRequest { Key = key, InputStream = body, MD5Digest = Md5(first, length), AutoCloseStream = false }, ct);
        }
        else
        {
            await WritePartsAsync(key, first, reader, buffers, ct);
        }

        return new WrittenObject(reader.BytesRead, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private async Task WritePartsAsync(string key, byte[] first, PartReader reader, PartBuffers buffers, CancellationToken ct)
    {
        var upload = await store.Client.InitiateMultipartUploadAsync(store.Bucket, key, ct);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var sent = new List<Task<PartETag>>();
        try
        {
            var (part, length) = (first, PartSizeBytes);
            while (length > 0)
            {
                sent.Add(SendPartAsync(key, upload.UploadId, sent.Count + 1, part, length, buffers, failed));
                part = await buffers.RentAsync(failed.Token);
                length = await reader.FillAsync(part, failed.Token);
            }

            var etags = await Task.WhenAll(sent);
            await store.Client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = store.Bucket, Key = key, UploadId = upload.UploadId, PartETags = [.. etags] }, ct);
        }
        catch
        {
            await failed.CancelAsync();
            await Task.WhenAll(sent).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            using var abort = new CancellationTokenSource(AbortTimeout);
            await store.AbortAsync(key, upload.UploadId, abort.Token);
            // The part that failed says why; the others were only cancelled.
            var cause = sent.FirstOrDefault(t => t.IsFaulted);
            if (cause is not null)
            {
                await cause;
            }

            throw;
        }
    }

    private async Task<PartETag> SendPartAsync(string key, string uploadId, int number, byte[] part, int length, PartBuffers buffers, CancellationTokenSource failed)
    {
        try
        {
            await Task.Yield();
            using var body = new MemoryStream(part, 0, length, writable: false);
            var response = await store.Client.UploadPartAsync(
                new UploadPartRequest { BucketName = store.Bucket, Key = key, UploadId = uploadId, PartNumber = number, PartSize = length, InputStream = body, MD5Digest = Md5(part, length) },
                failed.Token);
            return new PartETag(number, response.ETag);
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
        finally
        {
            buffers.Return(part);
        }
    }

    /// <summary>S3's Content-MD5: the store refuses bytes that changed on the way, so a hash of what was read is one of what is stored.</summary>
#pragma warning disable CA5351 // A checksum of transport that the protocol prescribes, not a safeguard against people.
    private static string Md5(byte[] part, int length) => Convert.ToBase64String(MD5.HashData(part.AsSpan(0, length)));
#pragma warning restore CA5351

    /// <summary>Fills whole parts from a stream that gives small pieces, and hashes on the way.</summary>
    private sealed class PartReader(Stream source, IncrementalHash hash, long maxBytes, Action<long> progress)
    {
        public long BytesRead { get; private set; }

        public async Task<int> FillAsync(byte[] part, CancellationToken ct)
        {
            var length = 0;
            while (length < PartSizeBytes)
            {
                var read = await source.ReadAsync(part.AsMemory(length, PartSizeBytes - length), ct);
                if (read == 0)
                {
                    break;
                }

                hash.AppendData(part, length, read);
                length += read;
                BytesRead += read;
                if (BytesRead > maxBytes)
                {
                    throw new TooLargeException(maxBytes);
                }

                progress(BytesRead);
            }

            return length;
        }
    }

    /// <summary>A fixed number of part buffers; renting waits until one is free.</summary>
    private sealed class PartBuffers(int count) : IDisposable
    {
        private readonly SemaphoreSlim free = new(count);

        public async Task<byte[]> RentAsync(CancellationToken ct)
        {
            await free.WaitAsync(ct);
            return ArrayPool<byte>.Shared.Rent(PartSizeBytes);
        }

        public void Return(byte[] part)
        {
            ArrayPool<byte>.Shared.Return(part);
            free.Release();
        }

        public void Dispose() => free.Dispose();
    }
}
