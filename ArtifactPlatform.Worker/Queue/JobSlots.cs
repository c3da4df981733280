using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Queue;

/// <summary>
/// The slots that jobs run in, <see cref="WorkerOptions.Concurrency"/> of them. A job that waits for somebody else's server lends its
/// slot to another one: however many sources are silent, those that answer are not kept waiting.
/// </summary>
public sealed class JobSlots(IOptions<WorkerOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>Servers that answer at all do so sooner; a slot that is lent has to be waited for again.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Jobs that wait outside at once. Each costs a connection; more of them wait in their slots.</summary>
    private const int MaxLent = 64;

    private readonly SemaphoreSlim free = new(options.Value.Concurrency);
    private readonly SemaphoreSlim lendable = new(MaxLent);

    public Task TakeAsync(CancellationToken ct) => free.WaitAsync(ct);

    public void GiveBack() => free.Release();

    /// <summary>For a job that has a slot, and has it again when this returns or throws: lends it while <paramref name="wait"/> takes long.</summary>
    public async Task<T> LendAsync<T>(Func<Task<T>> wait, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(wait);
        var waiting = wait();
        if (await Task.WhenAny(waiting, Task.Delay(Grace, clock, ct)) == waiting || !await lendable.WaitAsync(0, CancellationToken.None))
        {
            return await waiting;
        }

        free.Release();
        try
        {
            return await waiting;
        }
        finally
        {
            // Even when the job is being stopped: whoever runs it gives back the slot that it has.
            await free.WaitAsync(CancellationToken.None);
            lendable.Release();
        }
    }

    /// <summary>Waits until no job runs any more, and lets none begin.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        // Those outside first: they need a slot to end in.
        for (var i = 0; i < MaxLent; i++)
        {
            await lendable.WaitAsync(ct);
        }

        for (var i = 0; i < options.Value.Concurrency; i++)
        {
            await free.WaitAsync(ct);
        }
    }

    public void Dispose()
    {
        free.Dispose();
        lendable.Dispose();
    }
}
