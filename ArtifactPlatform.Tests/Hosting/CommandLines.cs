namespace ArtifactPlatform.Tests.Hosting;

/// <summary>Collects the command line of everything that runs on this machine while it watches, steps of half a second included.</summary>
internal sealed class CommandLines : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _seen = [];
    private readonly Task _watching;

    private CommandLines() => _watching = WatchAsync();

    public static CommandLines Watch() => new();

    public async Task<IReadOnlyCollection<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        return _seen;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                _seen.UnionWith(ProcessTable.All.Select(process => process.CommandLine));
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was seen.
        }
    }
}
