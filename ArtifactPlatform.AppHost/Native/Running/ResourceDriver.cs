using ArtifactPlatform.NativeHosting.Logs;
using ArtifactPlatform.NativeHosting.Processes;

namespace ArtifactPlatform.NativeHosting.Running;

/// <summary>Knows how to start, probe and stop one resource.</summary>
internal abstract class ResourceDriver(Resource resource, EngineContext engine)
{
    private readonly List<SupervisedProcess> _processes = [];

    /// <summary>Told the state of <see cref="KnownResourceStates"/> whenever it changes after the start.</summary>
    public Action<string> OnState { get; set; } = _ => { };

    /// <summary>
    /// Waits for what it uses without waiting for it: it may start meanwhile, but asking how it is would only fill its log
    /// with what it does not reach yet.
    /// </summary>
    public Func<CancellationToken, Task> WaitForUsedAsync { get; set; } = _ => Task.CompletedTask;

    /// <summary>True for one that runs to its end and is done.</summary>
    public virtual bool IsOneShot => false;

    public IReadOnlyList<SupervisedProcess> Processes => _processes;

    protected EngineContext Engine { get; } = engine;

    protected ResourceLog Log { get; } = engine.Logs.Of(resource.Name);

    /// <summary>Returns when it is healthy; or, if it is a one-shot, when it has ended well.</summary>
    public abstract Task StartAsync(CancellationToken ct);

    /// <summary>Stops what was started last first. Safe to call at any time, even while half started.</summary>
    public virtual async Task StopAsync()
    {
        for (var i = _processes.Count - 1; i >= 0; i--)
        {
            await _processes[i].StopAsync();
            _processes[i].Dispose();
        }

        _processes.Clear();
    }

    /// <summary>Returns when it answers.</summary>
    protected abstract Task WaitUntilHealthyAsync(CancellationToken ct);

    /// <param name="beforeRestart">What it waits for when it has died; null for nothing.</param>
    protected async Task SuperviseAsync(ProcessSpec spec, CancellationToken ct, Func<CancellationToken, Task>? beforeRestart = null)
    {
        ct.ThrowIfCancellationRequested();
        var process = new SupervisedProcess(spec, Engine.Launcher, Log, Engine.Time)
        {
            OnDied = () => OnState(KnownResourceStates.RuntimeUnhealthy),
            OnGivenUp = () => OnState(KnownResourceStates.Exited),
            BeforeRestart = beforeRestart ?? (_ => Task.CompletedTask),
            OnRestarted = async alive =>
            {
                await WaitUntilHealthyAsync(alive);
                Log.Say("healthy again");
                OnState(KnownResourceStates.Running);
            },
        };
        _processes.Add(process);
        await process.StartAsync();
    }
}
