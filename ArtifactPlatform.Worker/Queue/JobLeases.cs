using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Queue;

/// <summary>
/// Who has which job, settled in SQL by the database's clock. Each change names the lease it relies on; zero rows mean that the lease
/// is lost.
/// </summary>
public sealed class JobLeases(IDbContextFactory<PlatformDb> databases, IOptions<WorkerOptions> options)
{
    /// <summary>Clocks of Api and database may differ by this much without holding up a fresh job.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private readonly TimeSpan lease = options.Value.Lease;

    /// <summary>This process, in the job rows and as consumer of the streams.</summary>
    public string Worker { get; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Takes a job that is queued, or whose worker let its lease run out.</summary>
    /// <returns>Null when it is done, somebody else's, or gone.</returns>
    public async Task<Job?> ClaimAsync(string jobId, CancellationToken ct)
    {
        var token = Guid.NewGuid().ToString("N");
        await using var db = await databases.CreateDbContextAsync(ct);
        var claimed = await db.Jobs
            .FromSql(
                $"""
                update jobs set status = 'running', attempt = attempt + 1, lease_token = {token}, lease_until = now() + {lease}, worker = {Worker}, updated_at = now()
                where id = {jobId} and ((status = 'queued' and run_after <= now() + {ClockTolerance}) or (status = 'running' and lease_until < now()))
                returning *
                """)
            .AsNoTracking()
            .ToListAsync(ct);
        return claimed.SingleOrDefault();
    }

    /// <returns>False when the lease is lost: stop working.</returns>
    public Task<bool> ExtendAsync(Job job, CancellationToken ct) => UpdateAsync(
        $"update jobs set lease_until = now() + {lease}, updated_at = now() where id = {job.Id} and lease_token = {job.LeaseToken} and status = 'running'", ct);

    public Task<bool> FinishAsync(Job job, CancellationToken ct) => UpdateAsync(
        $"update jobs set status = 'done', lease_until = null, last_error = null, updated_at = now() where id = {job.Id} and lease_token = {job.LeaseToken} and status = 'running'", ct);

    public Task<bool> BuryAsync(Job job, string reason, CancellationToken ct) => UpdateAsync(
        $"update jobs set status = 'dead', lease_until = null, last_error = {Short(reason)}, updated_at = now() where id = {job.Id} and lease_token = {job.LeaseToken} and status = 'running'", ct);

    /// <summary>Queues it again; the sweeper dispatches it when <paramref name="after"/> has passed.</summary>
    public Task<bool> RetryAsync(Job job, string reason, TimeSpan after, CancellationToken ct) => UpdateAsync(
        $"""
        update jobs set status = 'queued', lease_until = null, dispatched_at = null, run_after = now() + {after}, last_error = {Short(reason)}, updated_at = now()
        where id = {job.Id} and lease_token = {job.LeaseToken} and status = 'running'
        """,
        ct);

    /// <summary>Gives back a job that this process has no time for any more. The attempt does not count.</summary>
    public Task<bool> HandBackAsync(Job job, CancellationToken ct) => UpdateAsync(
        $"""
        update jobs set status = 'queued', lease_until = null, dispatched_at = now(), attempt = attempt - 1, run_after = now(), updated_at = now()
        where id = {job.Id} and lease_token = {job.LeaseToken} and status = 'running'
        """,
        ct);

    private static string Short(string reason) => reason.Length <= 2000 ? reason : reason[..2000];

    private async Task<bool> UpdateAsync(FormattableString sql, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Database.ExecuteSqlAsync(sql, ct) == 1;
    }
}
