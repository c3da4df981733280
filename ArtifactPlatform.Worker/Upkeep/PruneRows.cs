using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Retention;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Upkeep;

/// <summary>Removes rows that nobody will ask for again, in bounded steps. Any number of workers may do it at once, and one that dies in between loses nothing.</summary>
public sealed partial class PruneRows(IDbContextFactory<PlatformDb> databases, PruneEvents events, PruneFailedUploads failedUploads, TimeProvider clock, ILogger<PruneRows> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FinishedJobsKept = TimeSpan.FromDays(7);

    /// <summary>Long after their URLs have run out and the bucket's lifecycle has taken the objects.</summary>
    private static readonly TimeSpan TempUploadsKept = TimeSpan.FromDays(8);

    /// <summary>One that has run out stands in the list for a while, so that it can be made anew.</summary>
    private static readonly TimeSpan InvitationsKept = TimeSpan.FromDays(30);

    /// <summary>The contract keeps the first answer to a request with an idempotency key that long.</summary>
    private static readonly TimeSpan IdempotencyKeysKept = TimeSpan.FromHours(24);

    /// <summary>Of a month that is over nothing is reserved or settled any more once its last jobs have ended.</summary>
    private static readonly TimeSpan MonthlyReservationsKept = TimeSpan.FromDays(62);

    /// <summary>Of each kind in one round: far more than come in meanwhile, and a statement of a second at most.</summary>
    private const int BatchSize = 10_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                // Each for itself: what breaks one off must not keep the others from their turn.
                await TryAsync(events.RunAsync, stoppingToken);
                await TryAsync(failedUploads.RunAsync, stoppingToken);
                await TryAsync(RunAsync, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    public async Task RunAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Database.ExecuteSqlAsync($"delete from jobs where id in (select id from jobs where status in ('done', 'dead') and updated_at < now() - {FinishedJobsKept} limit {BatchSize})", ct);
        await db.Database.ExecuteSqlAsync($"delete from temp_uploads where id in (select id from temp_uploads where created_at < now() - {TempUploadsKept} limit {BatchSize})", ct);
        await db.Database.ExecuteSqlAsync($"delete from sessions where id in (select id from sessions where expires_at < now() limit {BatchSize})", ct);
        await db.Database.ExecuteSqlAsync($"delete from restorable_artifacts where id in (select id from restorable_artifacts where restorable_until < now() limit {BatchSize})", ct);
        await db.Database.ExecuteSqlAsync($"delete from used_id_tokens where hash in (select hash from used_id_tokens where expires_at < now() limit {BatchSize})", ct);
        await db.Database.ExecuteSqlAsync($"delete from invitations where id in (select id from invitations where expires_at < now() - {InvitationsKept} limit {BatchSize})", ct);
        await db.Database.ExecuteSqlAsync($"delete from idempotency_keys where ctid in (select ctid from idempotency_keys where created_at < now() - {IdempotencyKeysKept} limit {BatchSize})", ct);
        await db.Database.ExecuteSqlAsync($"delete from quota_reservations where ctid in (select ctid from quota_reservations where kind = 'encode_time' and created_at < now() - {MonthlyReservationsKept} limit {BatchSize})", ct);
        // What is still on its way is no log yet.
        await db.Database.ExecuteSqlAsync(
            $"""
            delete from webhook_deliveries where ctid in (
                select d.ctid from webhook_deliveries d left join retention_settings s on s.company_id = d.company_id
                where d.status <> 'pending' and d.created_at < now() - make_interval(days => coalesce(s.deliveries_days, {RetentionSettings.Defaults.DeliveriesDays}))
                limit {BatchSize})
            """,
            ct);
    }

    private async Task TryAsync(Func<CancellationToken, Task> prune, CancellationToken ct)
    {
        try
        {
            await prune(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(logger, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Pruning broke off and is done again later: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
