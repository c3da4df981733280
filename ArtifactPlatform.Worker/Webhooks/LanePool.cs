using System.Collections.Concurrent;

namespace ArtifactPlatform.Worker.Webhooks;

/// <summary>
/// Lanes for endpoints, one each: what one endpoint is sent, or how slowly it answers, holds up no other. Those that fail have a pool of
/// their own, so that any number of dead ones leaves the lanes of the others free.
/// </summary>
internal sealed class LanePool
{
    /// <summary>Endpoints served at once in one worker. A lane costs a few sockets; it waits far more than it works.</summary>
    private const int MaxLanes = 64;

    private readonly ConcurrentDictionary<string, Task> running = new();

    /// <summary>For endpoints whose last attempt succeeded.</summary>
    public static LanePool ForWell() => new() { Width = 8, Rounds = 32 };

    /// <summary>One attempt, then the next endpoint's turn: it either shows that it is well again or waits on.</summary>
    public static LanePool ForFailing() => new() { AreFailing = true, Width = 1, Rounds = 1 };

    public bool AreFailing { get; private init; }

    /// <summary>Deliveries to one endpoint at once.</summary>
    public required int Width { get; init; }

    /// <summary>How often a lane claims before another endpoint gets it.</summary>
    public required int Rounds { get; init; }

    public int Free => MaxLanes - running.Count;

    public ICollection<string> Endpoints => running.Keys;

    public Task AllAsync() => Task.WhenAll(running.Values);

    /// <summary>Runs <paramref name="lane"/> for an endpoint that has none here.</summary>
    /// <param name="onEnd">Called when the lane is free again.</param>
    public void Start(string endpointId, Func<Task> lane, Action onEnd)
    {
        var entered = new TaskCompletionSource();
        running[endpointId] = RunAsync();
        entered.SetResult();

        async Task RunAsync()
        {
            // Not before it is in the list that it takes itself off.
            await entered.Task;
            await lane();
            running.TryRemove(endpointId, out _);
            onEnd();
        }
    }
}
