using System.Diagnostics;
using ArtifactPlatform.Core.Queue;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Queue;

/// <summary>Runs one claimed job under its lease and settles it by its outcome.</summary>
public sealed partial class JobRunner(JobLeases leases, JobStream stream, JobMetrics metrics, IOptions<WorkerOptions> options, TimeProvider clock, ILogger<JobRunner> logger)
{
    /// <summary>The wait before the second attempt; it triples each time.</summary>
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MaxBackoff = TimeSpan.FromMinutes(5);

    /// <summary>For the statements that settle a job when the process itself is being stopped.</summary>
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(5);

    private readonly WorkerOptions options = options.Value;

    /// <param name="abandon">Cancelled when the process can't wait for the job any longer.</param>
    public async Task RunAsync(JobHandler handler, Job job, CancellationToken abandon)
    {
        var started = metrics.Started(job);
        string? outcome = null;
        try
        {
            outcome = await RunToEndAsync(handler, job, abandon);
            Activity.Current?.SetTag("job.outcome", outcome);
        }
        finally
        {
            metrics.Ended(job, started, outcome);
        }
    }

    /// <returns>The outcome, as <see cref="JobMetrics.Ended"/> takes it.</returns>
    private async Task<string> RunToEndAsync(JobHandler handler, Job job, CancellationToken abandon)
    {
        if (job.Attempt > job.MaxAttempts)
        {
            return await SettleAsync(handler, job, new JobOutcome.Dead("worker_died", $"The job failed {job.MaxAttempts} times because its worker crashed."));
        }

        using var limit = new CancellationTokenSource(options.JobTimeLimit, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(abandon, limit.Token);
        using var done = new CancellationTokenSource();
        var heartbeat = KeepLeaseAsync(job, stop, done.Token);
        var outcome = await HandleAsync(handler, job, stop.Token);
        await done.CancelAsync();
        if (!await heartbeat)
        {
            LogLeaseLost(logger, job.Id);
            return "lease_lost";
        }

        if (abandon.IsCancellationRequested && outcome is not JobOutcome.Done)
        {
            await HandBackAsync(job);
            return "handed_back";
        }

        return await SettleAsync(handler, job, outcome);
    }

    private async Task<JobOutcome> HandleAsync(JobHandler handler, Job job, CancellationToken ct)
    {
        try
        {
            return await handler.HandleAsync(job, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return new JobOutcome.Retry("interrupted", "The work was interrupted.");
        }
        catch (Exception e)
        {
            LogFailed(logger, e, job.Id, job.Kind, job.SubjectId, job.Attempt);
            Activity.Current?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            return new JobOutcome.Retry("internal_error", "Something inside the platform failed. Try again; if it fails again, tell the operator the id of this artifact.");
        }
    }

    /// <summary>Extends the lease until <paramref name="done"/>; losing it stops the work.</summary>
    /// <returns>Whether the lease was held to the end.</returns>
    private async Task<bool> KeepLeaseAsync(Job job, CancellationTokenSource stop, CancellationToken done)
    {
        var heldUntil = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await Task.Delay(options.Lease / 3, clock, done);
                if (!await leases.ExtendAsync(job, done))
                {
                    await stop.CancelAsync();
                    return false;
                }

                heldUntil = clock.GetTimestamp();
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return true;
            }
            catch (Exception e)
            {
                LogHeartbeatFailed(logger, job.Id, e.Message);
                if (clock.GetElapsedTime(heldUntil) > options.Lease)
                {
                    await stop.CancelAsync();
                    return false;
                }
            }
        }
    }

    private async Task<string> SettleAsync(JobHandler handler, Job job, JobOutcome outcome)
    {
        using var timeout = new CancellationTokenSource(SettleTimeout, clock);
        switch (outcome)
        {
            case JobOutcome.Done:
                await leases.FinishAsync(job, timeout.Token);
                return "done";
            case JobOutcome.Retry retry when job.Attempt < job.MaxAttempts:
                LogRetry(logger, job.Id, job.Attempt, retry.Code);
                await leases.RetryAsync(job, retry.Reason, retry.After ?? Backoff(job.Attempt), timeout.Token);
                return "retry";
            case JobOutcome.Retry retry:
                await BuryAsync(handler, job, retry.Code, retry.Reason, timeout.Token);
                return "dead";
            case JobOutcome.Dead dead:
                await BuryAsync(handler, job, dead.Code, dead.Reason, timeout.Token);
                return "dead";
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The subject first: dying in between buries again, while the other order would leave a subject that waits for ever.</summary>
    private async Task BuryAsync(JobHandler handler, Job job, string code, string reason, CancellationToken ct)
    {
        LogBuried(logger, job.Id, job.Kind, job.SubjectId, job.Attempt, code);
        await handler.BuryAsync(job, code, reason, ct);
        await leases.BuryAsync(job, $"{code}: {reason}", ct);
    }

    private async Task HandBackAsync(Job job)
    {
        using var timeout = new CancellationTokenSource(SettleTimeout, clock);
        if (await leases.HandBackAsync(job, timeout.Token))
        {
            LogHandedBack(logger, job.Id);
            await stream.SendAsync(job.Kind, job.Id);
        }
    }

    /// <summary>1 s, 3 s, 9 s, … with up to a quarter more at random, so that what failed together does not return together.</summary>
    internal static TimeSpan Backoff(int attempt)
    {
        var wait = FirstBackoff * Math.Pow(3, Math.Min(attempt - 1, 10));
        return (wait < MaxBackoff ? wait : MaxBackoff) * (1 + (Random.Shared.NextDouble() / 4));
    }

    [LoggerMessage(LogLevel.Error, "Job {JobId} ({Kind}) of {SubjectId} failed in attempt {Attempt}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string jobId, string kind, string subjectId, int attempt);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} will be tried again after attempt {Attempt}: {Code}")]
    private static partial void LogRetry(ILogger logger, string jobId, int attempt, string code);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} ({Kind}) of {SubjectId} is given up after attempt {Attempt}: {Code}")]
    private static partial void LogBuried(ILogger logger, string jobId, string kind, string subjectId, int attempt, string code);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} was lost to another worker")]
    private static partial void LogLeaseLost(ILogger logger, string jobId);

    [LoggerMessage(LogLevel.Warning, "The lease of job {JobId} could not be extended: {Reason}")]
    private static partial void LogHeartbeatFailed(ILogger logger, string jobId, string reason);

    [LoggerMessage(LogLevel.Information, "Job {JobId} is handed back for another worker")]
    private static partial void LogHandedBack(ILogger logger, string jobId);
}
