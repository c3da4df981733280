using ArtifactPlatform.Worker.Queue;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Storage;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>An artifact's file as it stands in the store.</summary>
/// <param name="SizeBytes">Length.</param>
/// <param name="Sha256">64 hex digits, where the bytes came through this process; null after a copy inside the store.</param>
/// <param name="Joins">How fragments were joined; null for other sources.</param>
public sealed record FetchedFile(long SizeBytes, string? Sha256, IReadOnlyList<JoinedFragment>? Joins = null);

/// <summary>Brings an artifact's bytes to its own key, by the cheapest way that its source allows.</summary>
public sealed partial class FetchArtifact(
    SourceReader sources,
    CustomerBuckets buckets,
    JoinFragments join,
    ObjectStore store,
    ObjectCopier copier,
    ObjectWriter writer,
    ReserveSpace space,
    JobSlots slots,
    IOptions<IngestOptions> options,
    ILogger<FetchArtifact> logger)
{
    private readonly long maxBytes = options.Value.MaxSizeBytes;

    /// <exception cref="IngestFailedException">The source will not give the file.</exception>
    /// <exception cref="IngestDelayedException">It can't at the moment.</exception>
    public Task<FetchedFile> RunAsync(Artifact artifact, JobProgress progress, CancellationToken ct) => artifact.Source switch
    {
        ArtifactSource.Upload or ArtifactSource.TempUpload => CopyUploadAsync(artifact, progress, ct),
        ArtifactSource.Stored => FindStoredAsync(artifact, ct),
        ArtifactSource.S3Path => TakeFromBucketAsync(artifact, progress, ct),
        ArtifactSource.Url => StreamAsync(artifact, new SourceAddress(artifact.SourceUrl, null, null, Own: false), progress, ct),
        ArtifactSource.Fragments => join.RunAsync(artifact, progress, ct),
        _ => throw new InvalidOperationException($"No way to fetch {artifact.Source}."),
    };

    /// <summary>An upload's key can be written again while its URL lives; the copy can't, so what is checked is what is kept.</summary>
    private async Task<FetchedFile> CopyUploadAsync(Artifact artifact, JobProgress progress, CancellationToken ct)
    {
        var key = artifact.SourceKey ?? "";
        var found = await store.HeadAsync(key, ct) ?? throw (artifact.Source == ArtifactSource.TempUpload ? SourceReader.NothingAt(key) : SourceReader.NoUpload());
        return await CopyAsync(store.Bucket, key, found, artifact, progress, ct);
    }

    private async Task<FetchedFile> FindStoredAsync(Artifact artifact, CancellationToken ct)
    {
        var found = await store.HeadAsync(artifact.S3Key, ct) ?? throw SourceReader.NoUpload();
        return new FetchedFile(found.SizeBytes, null);
    }

    private async Task<FetchedFile> TakeFromBucketAsync(Artifact artifact, JobProgress progress, CancellationToken ct)
    {
        var (bucket, key) = (artifact.SourceBucket ?? "", artifact.SourceKey ?? "");
        var (source, sameStore) = await buckets.OpenAsync(artifact.CompanyId, artifact.ApiKeyId, ct);
        using (source)
        {
            if (sameStore && bucket != store.Bucket)
            {
                try
                {
                    // With the customer's credentials: what they may not read, the platform must not read for them.
                    var found = await source.HeadAsync(bucket, key, ct);
                    return await CopyAsync(bucket, key, found, artifact, progress, ct);
                }
                catch (S3SourceException e)
                {
                    throw CustomerBuckets.Explain(bucket, key, e);
                }
                catch (CopyRefusedException)
                {
                    LogCopyRefused(logger, artifact.Id);
                }
            }
        }

        return await StreamAsync(artifact, new SourceAddress(null, bucket, key, Own: false), progress, ct);
    }

    private async Task<FetchedFile> CopyAsync(string bucket, string key, StoredObject found, Artifact artifact, JobProgress progress, CancellationToken ct)
    {
        if (found.SizeBytes > maxBytes)
        {
            throw UrlSource.TooLarge(maxBytes);
        }

        if (found.SizeBytes == 0)
        {
            throw Empty();
        }

        await space.ReserveAsync(artifact, found.SizeBytes, ct);
        try
        {
            await copier.CopyAsync(bucket, key, found, artifact.S3Key, bytes => progress.Report(0, IngestSteps.Copied, bytes, found.SizeBytes), ct);
        }
        catch (SourceChangedException)
        {
            throw new IngestDelayedException("source_changed", "The file changed while it was copied. Leave it alone until the artifact is completed, then retry.");
        }

        LogCopied(logger, artifact.Id, found.SizeBytes);
        return new FetchedFile(found.SizeBytes, null);
    }

    private async Task<FetchedFile> StreamAsync(Artifact artifact, SourceAddress address, JobProgress progress, CancellationToken ct)
    {
        await using var source = await slots.LendAsync(() => sources.OpenAsync(address, artifact.CompanyId, artifact.ApiKeyId, ct), ct);
        if (source.TotalBytes is { } total && total <= maxBytes)
        {
            await space.ReserveAsync(artifact, total, ct);
        }

        try
        {
            var written = await writer.WriteAsync(artifact.S3Key, source.Stream, maxBytes, bytes => progress.Report(0, IngestSteps.Fetched, bytes, source.TotalBytes), ct);
            return written.SizeBytes == 0 ? throw Empty() : new FetchedFile(written.SizeBytes, written.Sha256);
        }
        catch (TooLargeException)
        {
            throw UrlSource.TooLarge(maxBytes);
        }
    }

    private static IngestFailedException Empty() => new("empty_file", "The file has no content (0 bytes). Check the source, or upload it again.");

    [LoggerMessage(LogLevel.Information, "Artifact {ArtifactId}: server-side copy of {SizeBytes} bytes")]
    private static partial void LogCopied(ILogger logger, string artifactId, long sizeBytes);

    [LoggerMessage(LogLevel.Information, "The platform may not read the bucket of artifact {ArtifactId} itself; its bytes are streamed with the customer's credentials")]
    private static partial void LogCopyRefused(ILogger logger, string artifactId);
}

/// <summary>Percent of an artifact's progress at which each step ends.</summary>
internal static class IngestSteps
{
    /// <summary>A copy inside the store takes little of the time; the hash, which must read it, takes most.</summary>
    public const int Copied = 30;

    public const int Fetched = 85;

    /// <summary>Fragments have come, and are yet to be joined.</summary>
    public const int FragmentsFetched = 50;

    public const int Joined = 65;

    public const int Checked = 99;
}
