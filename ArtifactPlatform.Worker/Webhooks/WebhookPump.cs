using System.Threading.Channels;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Health;

namespace ArtifactPlatform.Worker.Webhooks;

/// <summary>
/// Turns events into deliveries and gives each endpoint that something is due for a lane. It looks whenever an event log has grown or a
/// lane has become free, and once a second anyway. A stop begins no new attempt and waits for those that are under way.
/// </summary>
public sealed partial class WebhookPump(FanOutEvents fanOut, DeliveryLeases leases, RunLane lane, EventNudge nudge, TimeProvider clock, ILogger<WebhookPump> logger) : BackgroundService
{
    /// <summary>What a lost nudge costs at the most, and how exact the schedule of attempts is.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly LanePool[] pools = [LanePool.ForWell(), LanePool.ForFailing()];
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource abandon = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await using var overdue = cancellationToken.Register(abandon.Cancel);
        await Task.WhenAll(pools.Select(pool => pool.AllAsync()));
    }

    public override void Dispose()
    {
        abandon.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscribed = false;
        try
        {
            while (true)
            {
                try
                {
                    subscribed = subscribed || await TrySubscribeAsync();
                    await RunRoundAsync(stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogFailed(logger, e.Message);
                }

                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task RunRoundAsync(CancellationToken ct)
    {
        if (await fanOut.RunAsync(ct))
        {
            Wake();
        }

        foreach (var pool in pools.Where(p => p.Free > 0))
        {
            string[] taken = [.. pools.SelectMany(p => p.Endpoints)];
            foreach (var endpointId in await leases.FindDueAsync(pool.AreFailing, taken, pool.Free, ct))
            {
                pool.Start(endpointId, () => lane.RunAsync(endpointId, pool.Width, pool.Rounds, ct, abandon.Token), () => OnEnd(pool));
            }
        }
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var tick = new CancellationTokenSource(PollInterval, clock);
        await using var end = tick.Token.Register(timeout.Cancel);
        try
        {
            await wake.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // A second has passed.
        }
    }

    /// <summary>One that fails is tried once a second at the most, however quickly it refuses.</summary>
    private void OnEnd(LanePool pool)
    {
        if (!pool.AreFailing)
        {
            Wake();
        }
    }

    private void Wake() => wake.Writer.TryWrite(true);

    private async Task<bool> TrySubscribeAsync()
    {
        try
        {
            await nudge.SubscribeAsync(_ => Wake());
            return true;
        }
        catch (Exception e) when (Outage.Of(e) is not null)
        {
            LogFailed(logger, e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The round over webhooks broke off and is done again: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
