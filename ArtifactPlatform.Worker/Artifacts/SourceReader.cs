using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Storage;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>Where bytes come from: an address, or a bucket and key.</summary>
/// <param name="Own">Whether the bucket is the platform's (an upload of the same company, as the Api has checked).</param>
public sealed record SourceAddress(string? Url, string? Bucket, string? Key, bool Own);

/// <summary>Opens any source as one stream that mends its own breaks.</summary>
public sealed class SourceReader(UrlSource urls, CustomerBuckets buckets, ObjectStore store, IOptions<IngestOptions> options, TimeProvider clock)
{
    private readonly IngestOptions options = options.Value;

    /// <exception cref="IngestFailedException">The source will not give the file.</exception>
    /// <exception cref="IngestDelayedException">It can't at the moment.</exception>
    public async Task<OpenSource> OpenAsync(SourceAddress source, string companyId, string? apiKeyId, CancellationToken ct)
    {
        if (source.Url is { } url)
        {
            return await urls.OpenAsync(url, ct);
        }

        var (bucket, key) = (source.Bucket ?? "", source.Key ?? "");
        return source.Own ? await OpenOwnAsync(key, ct) : await OpenCustomersAsync(bucket, key, companyId, apiKeyId, ct);
    }

    private async Task<OpenSource> OpenOwnAsync(string key, CancellationToken ct)
    {
        var found = await store.HeadAsync(key, ct) ?? throw NothingAt(key);
        return new OpenSource(await store.OpenReadAsync(key, found.ETag, ct), found.SizeBytes);
    }

    private async Task<OpenSource> OpenCustomersAsync(string bucket, string key, string companyId, string? apiKeyId, CancellationToken ct)
    {
        var (source, _) = await buckets.OpenAsync(companyId, apiKeyId, ct);
        try
        {
            var found = await source.HeadAsync(bucket, key, ct);
            if (found.SizeBytes > options.MaxSizeBytes)
            {
                throw UrlSource.TooLarge(options.MaxSizeBytes);
            }

            if (found.SizeBytes == 0)
            {
                return new OpenSource(Stream.Null, 0);
            }

            var stream = new ResumingStream(
                (offset, token) => source.OpenReadAsync(bucket, key, found, offset, token),
                e => CustomerBuckets.Explain(bucket, key, e),
                options.IdleTimeout,
                clock);
            return new OpenSource(stream, found.SizeBytes) { Owner = source };
        }
        catch (S3SourceException e)
        {
            source.Dispose();
            throw CustomerBuckets.Explain(bucket, key, e);
        }
    }

    /// <summary>At a path from <c>GET /artifacts/create</c>: its URL may still be good.</summary>
    internal static IngestFailedException NothingAt(string key) =>
        new("upload_missing", $"There is no file at {key} (any more). PUT it to the presigned URL that came with this path, then retry; if that URL has expired, get a new path.");

    internal static IngestFailedException NoUpload() =>
        new("upload_missing", "The uploaded file is not there (any more). Create a new artifact and upload the file to its URL.");
}

/// <summary>A source being read.</summary>
/// <param name="Stream">Its bytes from the start.</param>
/// <param name="TotalBytes">How many there will be; null when the other side does not say.</param>
public sealed record OpenSource(Stream Stream, long? TotalBytes) : IAsyncDisposable
{
    /// <summary>Lives as long as the stream.</summary>
    public IDisposable? Owner { get; init; }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        Owner?.Dispose();
    }
}
