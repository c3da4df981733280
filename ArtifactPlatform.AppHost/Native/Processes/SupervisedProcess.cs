using ArtifactPlatform.NativeHosting.Logs;

namespace ArtifactPlatform.NativeHosting.Processes;

/// <summary>A program that is kept running: when it dies by itself, that is said aloud and it is started again.</summary>
internal sealed class SupervisedProcess(ProcessSpec spec, Launcher launcher, ResourceLog log, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _life;
    private ChildProcess? _child;

    public string Name => spec.Name;

    public int? Pid => _child is { Exited.IsCompleted: false } child ? child.Pid : null;

    /// <summary>Called when it has died and will be started again.</summary>
    public Action OnDied { get; init; } = () => { };

    /// <summary>Called when it has died too often.</summary>
    public Action OnGivenUp { get; init; } = () => { };

    /// <summary>Awaited before each restart: what it needs may have died as well.</summary>
    public Func<CancellationToken, Task> BeforeRestart { get; init; } = _ => Task.CompletedTask;

    /// <summary>Called after each restart, to find out when it is well again; cancelled if it dies before.</summary>
    public Func<CancellationToken, Task> OnRestarted { get; init; } = _ => Task.CompletedTask;

    public async Task StartAsync()
    {
        _child = await launcher.StartAsync(spec, log.Write);
        _life = LiveAsync(_child);
    }

    public void SendToTree(Signal signal) => _child?.SendToTree(signal);

    public async Task StopAsync()
    {
        _stopRequested.TrySetResult();
        await _stop.CancelAsync();
        if (_life is { } life)
        {
            await life;
        }
    }

    /// <summary>After it has stopped.</summary>
    public void Dispose() => _stop.Dispose();

    private async Task LiveAsync(ChildProcess child)
    {
        var budget = new RestartBudget();
        var recovery = Task.CompletedTask;
        while (true)
        {
            using var alive = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            if (budget.HasRestarted)
            {
                recovery = RecoverAsync(alive.Token);
            }

            await Task.WhenAny(child.Exited, _stopRequested.Task);
            await alive.CancelAsync();
            await recovery;
            if (_stopRequested.Task.IsCompleted)
            {
                await EndAsync(child);
                return;
            }

            if (!await WaitForNextTryAsync(budget, await child.Exited))
            {
                return;
            }

            child = _child = await launcher.StartAsync(spec, log.Write);
        }
    }

    private async Task EndAsync(ChildProcess child)
    {
        if (!await child.StopAsync(spec.StopSignal, spec.Grace, time))
        {
            log.Say($"{Name} did not stop within {spec.Grace.TotalSeconds:0} s and was killed");
        }
    }

    /// <returns>False when it is not to be started again.</returns>
    private async Task<bool> WaitForNextTryAsync(RestartBudget budget, int exitCode)
    {
        if (budget.NextDelay(time.GetUtcNow()) is not { } delay)
        {
            log.Say($"{Name} ended with exit code {exitCode}; it has ended {RestartBudget.MostRestarts} times in {RestartBudget.Window.TotalMinutes:0} minutes and STAYS DOWN");
            OnGivenUp();
            return false;
        }

        log.Say($"{Name} ended unexpectedly with exit code {exitCode}; starting it again in {delay.TotalSeconds:0} s");
        OnDied();
        try
        {
            await Task.Delay(delay, time, _stop.Token);
            await BeforeRestart(_stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RecoverAsync(CancellationToken ct)
    {
        try
        {
            await OnRestarted(ct);
        }
        catch (OperationCanceledException)
        {
            // Died again, or is being stopped.
        }
        catch (Exception e)
        {
            log.Say($"{Name} was started again but is not well: {e.Message}");
        }
    }
}
