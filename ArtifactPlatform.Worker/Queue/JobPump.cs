using System.Diagnostics;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Queue;

/// <summary>
/// Reads the streams and runs what it can claim, at most <see cref="WorkerOptions.Concurrency"/> at once. A stop takes no new job,
/// lets the running ones finish for a while, and hands back the rest.
/// </summary>
public sealed partial class JobPump(IEnumerable<JobHandler> handlers, JobStream stream, JobLeases leases, JobSlots slots, JobRunner runner, IOptions<WorkerOptions> options, TimeProvider clock, ILogger<JobPump> logger) : BackgroundService
{
    /// <summary>What a lost nudge costs at the most.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly WorkerOptions options = options.Value;
    private readonly SemaphoreSlim nudge = new(0);
    private readonly CancellationTokenSource abandon = new();
    private int nextKind;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var drain = new CancellationTokenSource(options.Drain, clock);
        await using var overdue = drain.Token.Register(abandon.Cancel);
        await slots.DrainAsync(cancellationToken);
    }

    public override void Dispose()
    {
        abandon.Dispose();
        nudge.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var kinds = handlers.ToDictionary(h => h.Kind);
        var names = kinds.Keys.ToArray();
        var subscribed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var taken = 0;
            try
            {
                if (!subscribed)
                {
                    await stream.SubscribeAsync(_ => nudge.Release());
                    subscribed = true;
                }

                taken = await TakeRoundAsync(kinds, names, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (QueueUnavailableException e)
            {
                LogRedisAway(logger, e.Message);
            }

            if (taken == 0)
            {
                await WaitForNudgeAsync(stoppingToken);
            }
        }
    }

    /// <summary>Offers each kind one free slot in turn, so that a flood of one kind does not shut out the others.</summary>
    private async Task<int> TakeRoundAsync(Dictionary<string, JobHandler> kinds, string[] names, CancellationToken ct)
    {
        var taken = 0;
        for (var i = 0; i < names.Length; i++)
        {
            await slots.TakeAsync(ct);
            var kind = names[nextKind++ % names.Length];
            var started = false;
            try
            {
                var entries = await stream.ReadAsync(kind, leases.Worker, 1);
                if (entries is [var entry])
                {
                    taken++;
                    started = true;
                    _ = RunAsync(kinds[kind], entry);
                }
            }
            finally
            {
                if (!started)
                {
                    slots.GiveBack();
                }
            }
        }

        return taken;
    }

    /// <summary>Runs one entry in its slot. Whatever fails here leaves the job row to the sweeper.</summary>
    private async Task RunAsync(JobHandler handler, JobEntry entry)
    {
        try
        {
            await Task.Yield();
            if (await leases.ClaimAsync(entry.JobId, abandon.Token) is { } job)
            {
                var parent = ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var context) ? context : default;
                using var activity = JobTelemetry.Source.StartActivity($"job {job.Kind}", ActivityKind.Consumer, parent);
                activity?.SetTag("job.id", job.Id).SetTag("job.subject", job.SubjectId).SetTag("job.attempt", job.Attempt);
                await runner.RunAsync(handler, job, abandon.Token);
            }

            await stream.AckAsync(handler.Kind, entry.EntryId);
        }
        catch (Exception e)
        {
            LogRunFailed(logger, e, entry.JobId);
        }
        finally
        {
            slots.GiveBack();
        }
    }

    private async Task WaitForNudgeAsync(CancellationToken ct)
    {
        try
        {
            await nudge.WaitAsync(PollInterval, ct);
            // One look serves all nudges so far.
            while (nudge.CurrentCount > 0 && await nudge.WaitAsync(0, ct))
            {
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    [LoggerMessage(LogLevel.Warning, "Redis does not answer, jobs wait: {Reason}")]
    private static partial void LogRedisAway(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "Running job {JobId} broke off; its lease will run out and it is tried again")]
    private static partial void LogRunFailed(ILogger logger, Exception exception, string jobId);
}

/// <summary>The worker's own traces.</summary>
internal static class JobTelemetry
{
    public static readonly ActivitySource Source = new(ServiceDefaultsExtensions.TelemetryName);
}
