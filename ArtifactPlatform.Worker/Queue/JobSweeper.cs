using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Queue;

/// <summary>
/// Puts jobs on their stream that ought to be there: retries that are due, jobs whose worker died, and jobs whose entry Redis lost.
/// Every worker sweeps; rows are shared out by <c>skip locked</c>.
/// </summary>
public sealed partial class JobSweeper(IDbContextFactory<PlatformDb> databases, JobStream stream, JobLeases leases, TimeProvider clock, ILogger<JobSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>An entry needs a moment from the commit to the stream; before that it is not lost.</summary>
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(2);

    /// <summary>An expired lease is offered again this often until somebody takes it.</summary>
    private static readonly TimeSpan OfferAgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>Entries that a worker took this long ago are dropped: the job row knows what became of the job.</summary>
    private static readonly TimeSpan StaleEntryAfter = TimeSpan.FromMinutes(1);

    /// <summary>Rows of one sweep; more are found a second later.</summary>
    private const int BatchSize = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var droppedAt = clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await SweepAsync(stoppingToken);
                    if (clock.GetElapsedTime(droppedAt) > StaleEntryAfter)
                    {
                        droppedAt = clock.GetTimestamp();
                        foreach (var kind in JobKinds.All)
                        {
                            await stream.DropStaleAsync(kind, leases.Worker, StaleEntryAfter);
                        }
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogFailed(logger, e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        await SendAsync($"select id from jobs where status = 'queued' and dispatched_at is null and run_after <= now() order by run_after limit {BatchSize} for update skip locked", ct);
        await SendAsync($"select id from jobs where status = 'running' and lease_until < now() and (dispatched_at is null or dispatched_at < now() - {OfferAgainAfter}) order by lease_until limit {BatchSize} for update skip locked", ct);
        List<string> drained = [];
        foreach (var kind in JobKinds.All)
        {
            if (await stream.IsDrainedAsync(kind))
            {
                drained.Add(kind);
            }
        }

        await SendAsync($"select id from jobs where status = 'queued' and kind = any({drained}) and dispatched_at < now() - {LostAfter} order by run_after limit {BatchSize} for update skip locked", ct);
    }

    private async Task SendAsync(FormattableString chosen, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var sql = System.Runtime.CompilerServices.FormattableStringFactory.Create(
            $"update jobs set dispatched_at = now() where id in ({chosen.Format}) returning *", chosen.GetArguments());
        foreach (var job in await db.Jobs.FromSql(sql).AsNoTracking().ToListAsync(ct))
        {
            await stream.SendAsync(job.Kind, job.Id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The sweep over jobs broke off and is done again in a second: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
