namespace ArtifactPlatform.Worker.Queue;

/// <summary>Stores how far a job is, never backwards, and never sooner than <paramref name="interval"/> after the time before, however late that was.</summary>
/// <param name="subjectId">What the job is about, for the log.</param>
/// <param name="store">Stores a percentage.</param>
public sealed partial class JobProgress(string subjectId, Func<int, CancellationToken, Task> store, TimeSpan interval, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    /// <summary>A store that is begun is finished, since breaking off a commit leaves open whether it was; whoever waits for the end waits no longer than this.</summary>
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stop = new();
    private Task loop = Task.CompletedTask;
    private int percent;

    /// <summary>Begins to store what is reported.</summary>
    public void Start() => loop = StoreAsync();

    /// <summary>Says how far one step is, as its share of the whole.</summary>
    /// <param name="from">Percent at which the step begins.</param>
    /// <param name="to">Percent at which it ends.</param>
    /// <param name="done">How much of it is done; any unit.</param>
    /// <param name="total">All of it, in the same unit; null when nobody knows.</param>
    public void Report(int from, int to, double done, double? total)
    {
        // Of an unknown length, half of what is left is shown after each 100 MB.
        var share = total is > 0 ? Math.Clamp(done / total.Value, 0, 1) : 1 - Math.Pow(0.5, done / 100e6);
        var now = from + (int)((to - from) * share);
        int before;
        while (now > (before = Volatile.Read(ref percent)) && Interlocked.CompareExchange(ref percent, now, before) != before)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        stop.Dispose();
    }

    private async Task StoreAsync()
    {
        var stored = 0;
        try
        {
            while (true)
            {
                // Not a timer's ticks: one that came late would be followed by the next too soon.
                await Task.Delay(interval, clock, stop.Token);
                var now = Volatile.Read(ref percent);
                if (now > stored && await TryStoreAsync(now))
                {
                    stored = now;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<bool> TryStoreAsync(int now)
    {
        using var limit = new CancellationTokenSource(StoreTimeout, clock);
        try
        {
            await store(now, limit.Token);
            return true;
        }
        catch (Exception e)
        {
            // Progress is a courtesy: what keeps it from being stored shows itself in the work. The next tick tries again.
            LogNotStored(logger, subjectId, e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Progress of {SubjectId} was not stored: {Reason}")]
    private static partial void LogNotStored(ILogger logger, string subjectId, string reason);
}
