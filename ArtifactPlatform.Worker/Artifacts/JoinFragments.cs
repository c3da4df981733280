using ArtifactPlatform.Worker.Queue;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Worker.Media;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>Fetches an artifact's fragments side by side into scratch files (ffmpeg must seek in them), joins them, and stores the result.</summary>
public sealed class JoinFragments(
    IDbContextFactory<PlatformDb> databases,
    SourceReader sources,
    FragmentJoiner joiner,
    ObjectStore store,
    ObjectWriter writer,
    Scratch scratch,
    IOptions<IngestOptions> options)
{
    private readonly IngestOptions options = options.Value;

    /// <exception cref="IngestFailedException">A fragment can't be had or does not fit the others; the message names it.</exception>
    /// <exception cref="MediaRejectedException">Likewise.</exception>
    /// <exception cref="IngestDelayedException">A source does not answer at the moment.</exception>
    public async Task<FetchedFile> RunAsync(Artifact artifact, JobProgress progress, CancellationToken ct)
    {
        List<Fragment> fragments;
        await using (var db = await databases.CreateDbContextAsync(ct))
        {
            fragments = await db.Fragments.AsNoTracking().Where(f => f.ArtifactId == artifact.Id).OrderBy(f => f.Position).ToListAsync(ct);
        }

        using var folder = scratch.NewFolder(artifact.Id);
        var files = await FetchAsync(artifact, fragments, folder.Path, progress, ct);
        var joined = await joiner.JoinAsync(
            files,
            artifact.Type,
            folder.Path,
            done => progress.Report(IngestSteps.FragmentsFetched, IngestSteps.Joined, done, 1),
            ct);
        return await StoreAsync(artifact, joined, progress, ct);
    }

    private async Task<List<LocalFragment>> FetchAsync(Artifact artifact, List<Fragment> fragments, string folder, JobProgress progress, CancellationToken ct)
    {
        var files = new LocalFragment[fragments.Count];
        long total = 0;
        var fetched = 0;
        await Parallel.ForEachAsync(fragments, new ParallelOptions { MaxDegreeOfParallelism = options.FragmentParallelism, CancellationToken = ct }, async (fragment, token) =>
        {
            var path = Path.Combine(folder, $"fragment-{fragment.Position:D4}");
            await FetchOneAsync(artifact, fragment, path, bytes => Interlocked.Add(ref total, bytes), token);
            files[fragment.Position] = new LocalFragment
            {
                Index = fragment.Position,
                Path = path,
                StartTime = fragment.StartTime,
                InPoint = fragment.InPoint,
                OutPoint = fragment.OutPoint,
            };
            progress.Report(0, IngestSteps.FragmentsFetched, Interlocked.Increment(ref fetched), fragments.Count);
        });
        return [.. files];
    }

    private async Task FetchOneAsync(Artifact artifact, Fragment fragment, string path, Func<long, long> count, CancellationToken ct)
    {
        try
        {
            var own = fragment.S3Bucket == store.Bucket;
            await using var source = await sources.OpenAsync(new SourceAddress(fragment.Url, fragment.S3Bucket, fragment.S3Key, own), artifact.CompanyId, artifact.ApiKeyId, ct);
            await using var file = File.Create(path);
            var buffer = new byte[128 << 10];
            for (int read; (read = await source.Stream.ReadAsync(buffer, ct)) > 0;)
            {
                if (count(read) > options.MaxSizeBytes)
                {
                    throw new IngestFailedException("too_large", $"The fragments together are larger than the limit of {options.MaxSizeBytes} bytes. Join fewer of them.");
                }

                await file.WriteAsync(buffer.AsMemory(0, read), ct);
            }
        }
        catch (IngestFailedException e) when (e.Code != "too_large")
        {
            throw new IngestFailedException(e.Code, $"fragments[{fragment.Position}]: {e.Message}");
        }
        catch (IngestDelayedException e)
        {
            throw new IngestDelayedException(e.Code, $"fragments[{fragment.Position}]: {e.Message}", e.After);
        }
    }

    private async Task<FetchedFile> StoreAsync(Artifact artifact, JoinResult joined, JobProgress progress, CancellationToken ct)
    {
        await using var file = File.OpenRead(joined.Path);
        var written = await writer.WriteAsync(
            artifact.S3Key,
            file,
            long.MaxValue,
            bytes => progress.Report(IngestSteps.Joined, IngestSteps.Fetched, bytes, file.Length),
            ct);
        return new FetchedFile(written.SizeBytes, written.Sha256, joined.Fragments);
    }
}
