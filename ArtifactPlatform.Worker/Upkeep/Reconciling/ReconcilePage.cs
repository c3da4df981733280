using System.Collections.Concurrent;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Upkeep.Reconciling;

/// <summary>What one page of the bucket's listing showed.</summary>
/// <param name="Cursor">The last key that was looked at; null when the bucket has no more.</param>
public sealed record PageFindings(string? Cursor, int Objects, int Orphans, long OrphanBytes, int Removed, int Missing);

/// <summary>Compares one page of the bucket with the rows, both ways. Doing it again, after dying in the middle, finds less to do.</summary>
public sealed partial class ReconcilePage(IDbContextFactory<PlatformDb> databases, ObjectStore store, IOptions<ReconcileOptions> options, TimeProvider clock, ILogger<ReconcilePage> logger)
{
    /// <summary>More rows than this without objects between two keys, and the number is only "at least": the bucket, or a part of it, is lost.</summary>
    private const int MaxMissing = 1000;

    /// <summary>Log lines of one page that name a thing; the numbers hold the rest.</summary>
    private const int MaxNamed = 20;

    /// <summary>Requests to the store at once, few enough that nobody else waits for them.</summary>
    private const int Parallelism = 8;

    /// <summary>Behind every key.</summary>
    private const string End = "\U0010FFFF";

    /// <param name="after">Key to go on behind; empty = from the first.</param>
    /// <param name="mayRemove">Whether objects without rows are removed once they are old enough.</param>
    public async Task<PageFindings> RunAsync(string after, bool mayRemove, CancellationToken ct)
    {
        var page = await store.ListPageAsync(after, options.Value.PageSize, ct);
        await using var db = await databases.CreateDbContextAsync(ct);
        var orphans = await OrphansAsync(db, page.Objects, ct);
        var cursor = page.IsLast ? null : page.Objects[^1].Key;
        var missing = await MissingAsync(db, after, cursor ?? End, [.. page.Objects.Select(o => o.Key)], ct);
        foreach (var (subjectId, key) in missing.Take(MaxNamed))
        {
            LogMissing(logger, subjectId, key);
        }

        var before = clock.GetUtcNow() - options.Value.Grace;
        var due = mayRemove ? orphans.Where(o => o.ModifiedAt < before).ToList() : [];
        await Parallel.ForEachAsync(due, Limits(ct), async (orphan, token) => await store.DeleteAsync(orphan.Key, token));
        foreach (var orphan in due.Take(MaxNamed))
        {
            LogRemoved(logger, orphan.Key, orphan.SizeBytes, orphan.ModifiedAt);
        }

        return new PageFindings(cursor, page.Objects.Count, orphans.Count, orphans.Sum(o => o.SizeBytes), due.Count, missing.Count);
    }

    /// <summary>Objects of the platform's own places that no row accounts for. The parts of a multipart upload are no objects yet, and stand in no listing.</summary>
    private static async Task<List<ListedObject>> OrphansAsync(PlatformDb db, IReadOnlyList<ListedObject> objects, CancellationToken ct)
    {
        var owned = objects.Select(o => (Object: o, Owner: ObjectOwner.Of(o.Key))).Where(o => o.Owner is not null).ToList();
        var owners = await KnownObjects.OwnersAsync(db, [.. owned.Select(o => o.Owner?.Id ?? "").Distinct()], ct);
        var packages = await KnownObjects.PackagesAsync(db, [.. owned.Where(o => o.Owner?.Package is not null).Select(o => PackageOf(o.Owner)).Distinct()], ct);
        return [.. owned.Where(o => !IsKnown(o.Owner)).Select(o => o.Object)];

        bool IsKnown(ObjectOwner? owner) => owner is { Package: null } ? owners.Contains(owner.Id) : packages.Contains(PackageOf(owner));

        static string PackageOf(ObjectOwner? owner) => $"{owner?.Id}/{owner?.Package}";
    }

    /// <summary>Rows whose object the listing lacks, that the store itself says it has not got, and that are still rows after that.</summary>
    private async Task<List<ExpectedObject>> MissingAsync(PlatformDb db, string after, string last, string[] present, CancellationToken ct)
    {
        var candidates = await KnownObjects.MissingAsync(db, store.Bucket, after, last, present, MaxMissing, ct);
        if (candidates.Count == 0)
        {
            return [];
        }

        var found = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(candidates, Limits(ct), async (candidate, token) =>
        {
            if (await store.HeadAsync(candidate.Key, token) is not null)
            {
                found.Add(candidate.Key);
            }
        });
        var still = await KnownObjects.MissingAsync(db, store.Bucket, after, last, [.. present, .. found], MaxMissing, ct);
        return [.. still.Where(candidates.Contains)];
    }

    private static ParallelOptions Limits(CancellationToken ct) => new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct };

    [LoggerMessage(LogLevel.Error, "The object of {SubjectId} is not in the store: {Key}")]
    private static partial void LogMissing(ILogger logger, string subjectId, string key);

    [LoggerMessage(LogLevel.Warning, "Removed {Key}, {SizeBytes} bytes, written {ModifiedAt:O}: no row accounts for it")]
    private static partial void LogRemoved(ILogger logger, string key, long sizeBytes, DateTimeOffset modifiedAt);
}
