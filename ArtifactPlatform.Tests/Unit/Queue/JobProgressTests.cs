using ArtifactPlatform.Worker.Queue;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtifactPlatform.Tests.Unit.Queue;

public sealed class JobProgressTests
{
    /// <summary>A timer counts in whole milliseconds, and may round.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(5);

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_late_write_is_not_followed_by_the_next_too_soon()
    {
        var clock = TimeProvider.System;
        var (interval, begun) = (TimeSpan.FromMilliseconds(100), new List<(long At, int Percent)>());
        var enough = new TaskCompletionSource();
        await using (var progress = new JobProgress("x", StoreAsync, interval, clock, NullLogger.Instance))
        {
            progress.Start();
            for (var i = 1; !enough.Task.IsCompleted; i++)
            {
                progress.Report(0, 100, i, 1000);
                await Task.Delay(1, ct);
            }
        }

        var gaps = begun.Zip(begun.Skip(1), (a, b) => clock.GetElapsedTime(a.At, b.At)).ToList();
        Assert.All(gaps, gap => Assert.True(gap >= interval - Tolerance, $"{gap.TotalMilliseconds} ms"));
        Assert.Equal(begun.Select(b => b.Percent).Order(), begun.Select(b => b.Percent));

        async Task StoreAsync(int percent, CancellationToken token)
        {
            begun.Add((clock.GetTimestamp(), percent));
            if (begun.Count == 2)
            {
                // So slow that a timer's next tick would already have come.
                await Task.Delay(interval * 1.7, clock, token);
            }
            else if (begun.Count == 4)
            {
                enough.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task A_write_that_is_under_way_at_the_end_is_not_broken_off()
    {
        var (begun, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        var wasBroken = false;
        var progress = new JobProgress("x", StoreAsync, TimeSpan.FromMilliseconds(1), TimeProvider.System, NullLogger.Instance);
        progress.Start();
        progress.Report(0, 100, 1, 2);
        await begun.Task.WaitAsync(ct);

        var ended = progress.DisposeAsync().AsTask();
        Assert.False(ended.IsCompleted);
        finish.SetResult();
        await ended.WaitAsync(ct);

        Assert.False(wasBroken);

        async Task StoreAsync(int percent, CancellationToken token)
        {
            begun.TrySetResult();
            await finish.Task;
            wasBroken = token.IsCancellationRequested;
        }
    }
}
