using ArtifactPlatform.Core.Storage;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Upkeep.Reconciling;

/// <summary>
/// Goes through the whole bucket page by page, again and again: counts objects without rows and rows without objects, and removes the
/// former when they are old enough. One worker at a time does it; another takes over where it was.
/// </summary>
public sealed partial class ReconcileStorage(ReconcilePage page, PassLease lease, ReconcileMetrics metrics, ObjectStore store, IOptions<ReconcileOptions> options, TimeProvider clock, ILogger<ReconcileStorage> logger)
    : BackgroundService
{
    /// <summary>Between pages: a million objects take half an hour, and nobody notices.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How often to see whether a pass is due, or has lost its worker.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    /// <summary>
    /// So many objects without rows are never surprising. Of more than that, and more than half of the bucket, nothing is removed: then it
    /// is the database that is wrong, another one or an empty one.
    /// </summary>
    private const int PlausibleOrphans = 1000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await Task.Delay(await TryStepAsync(stoppingToken) ? Pause : LookEvery, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>One page, if there is something to do.</summary>
    /// <returns>Whether a pass is under way here.</returns>
    public async Task<bool> StepAsync(CancellationToken ct)
    {
        if (await lease.ClaimAsync(store.Bucket, options.Value.Interval, ct) is not { } pass)
        {
            if (await lease.ShowAsync(store.Bucket, ct) is { } others)
            {
                metrics.Show(others);
            }

            return false;
        }

        var found = await page.RunAsync(pass.Cursor, MayRemove(pass), ct);
        metrics.CountRemoved(found.Removed);
        if (await lease.NoteAsync(store.Bucket, found, ct) is not { } noted)
        {
            return false;
        }

        metrics.Show(noted);
        if (found.Cursor is null)
        {
            LogFinished(logger, noted.LastObjects, noted.LastOrphans, noted.LastOrphanBytes, noted.LastRemoved, noted.LastMissing);
        }

        return found.Cursor is not null;
    }

    /// <summary>Nothing is removed before one whole pass has shown that bucket and database belong together.</summary>
    private bool MayRemove(StoragePass pass)
    {
        if (!options.Value.Remove || pass.FinishedAt is null)
        {
            return false;
        }

        var plausible = pass.LastOrphans <= PlausibleOrphans || pass.LastOrphans <= pass.LastObjects / 2;
        if (!plausible)
        {
            LogImplausible(logger, pass.LastOrphans, pass.LastObjects, store.Bucket);
        }

        return plausible;
    }

    private async Task<bool> TryStepAsync(CancellationToken ct)
    {
        try
        {
            return await StepAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(logger, e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Storage reconciled: {Objects} objects, {Orphans} without rows ({OrphanBytes} bytes), {Removed} of them removed; {Missing} rows without objects")]
    private static partial void LogFinished(ILogger logger, long objects, long orphans, long orphanBytes, long removed, long missing);

    [LoggerMessage(LogLevel.Error, "{Orphans} of {Objects} objects in bucket {Bucket} have no row: nothing is removed. Is this the right database, and is it whole?")]
    private static partial void LogImplausible(ILogger logger, long orphans, long objects, string bucket);

    [LoggerMessage(LogLevel.Warning, "Reconciling the store broke off and goes on later: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
