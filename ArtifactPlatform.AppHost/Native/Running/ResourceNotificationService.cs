namespace ArtifactPlatform.NativeHosting;

/// <summary>Says what state each resource is in, and lets one wait for it.</summary>
public sealed class ResourceNotificationService
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string State, string? Problem)> _states = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One of <see cref="KnownResourceStates"/>.</summary>
    public string GetState(string resourceName)
    {
        lock (_gate)
        {
            return _states.TryGetValue(resourceName, out var known) ? known.State : KnownResourceStates.NotStarted;
        }
    }

    /// <exception cref="CannotStartException">It never will be: it, or something it needs, has failed to start.</exception>
    public Task WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, KnownResourceStates.Running, cancellationToken);

    public async Task WaitForResourceAsync(string resourceName, string targetState, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                var (state, problem) = _states.GetValueOrDefault(resourceName, (KnownResourceStates.NotStarted, null));
                if (state == targetState)
                {
                    return;
                }

                if (state == KnownResourceStates.FailedToStart)
                {
                    throw new CannotStartException(problem ?? $"{resourceName} failed to start");
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    internal void Publish(string resourceName, string state, string? problem = null)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _states[resourceName] = (state, problem);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }
}
