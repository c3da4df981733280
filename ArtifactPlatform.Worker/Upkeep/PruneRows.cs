using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Upkeep;

/// <summary>Removes rows that nobody will ask for again. Any number of workers may do it at once.</summary>
public sealed partial class PruneRows(IDbContextFactory<PlatformDb> databases, TimeProvider clock, ILogger<PruneRows> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>Who resumes a stream after longer than this learns the end result, not every step on the way.</summary>
    private static readonly TimeSpan ProgressEventsKept = TimeSpan.FromHours(1);

    private static readonly TimeSpan FinishedJobsKept = TimeSpan.FromDays(7);

    /// <summary>Long after their URLs have run out and the bucket's lifecycle has taken the objects.</summary>
    private static readonly TimeSpan TempUploadsKept = TimeSpan.FromDays(8);

    /// <summary>One that has run out stands in the list for a while, so that it can be made anew.</summary>
    private static readonly TimeSpan InvitationsKept = TimeSpan.FromDays(30);

    /// <summary>The contract keeps the first answer to a request with an idempotency key that long.</summary>
    private static readonly TimeSpan IdempotencyKeysKept = TimeSpan.FromHours(24);

    /// <summary>Of a month that is over nothing is reserved or settled any more once its last jobs have ended.</summary>
    private static readonly TimeSpan MonthlyReservationsKept = TimeSpan.FromDays(62);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await PruneAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task PruneAsync(CancellationToken ct)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            await db.Database.ExecuteSqlAsync($"delete from events where type like '%.progress' and created_at < now() - {ProgressEventsKept}", ct);
            await db.Database.ExecuteSqlAsync($"delete from jobs where status in ('done', 'dead') and updated_at < now() - {FinishedJobsKept}", ct);
            await db.Database.ExecuteSqlAsync($"delete from temp_uploads where created_at < now() - {TempUploadsKept}", ct);
            await db.Database.ExecuteSqlAsync($"delete from sessions where expires_at < now()", ct);
            await db.Database.ExecuteSqlAsync($"delete from used_id_tokens where expires_at < now()", ct);
            await db.Database.ExecuteSqlAsync($"delete from invitations where expires_at < now() - {InvitationsKept}", ct);
            await db.Database.ExecuteSqlAsync($"delete from idempotency_keys where created_at < now() - {IdempotencyKeysKept}", ct);
            await db.Database.ExecuteSqlAsync($"delete from quota_reservations where kind = 'encode_time' and created_at < now() - {MonthlyReservationsKept}", ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(logger, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Pruning broke off and is done again later: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
