using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Tests.Ingest;
using ArtifactPlatform.Worker.Queue;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtifactPlatform.Tests.Queue;

/// <summary>Progress is told often enough to be live, and seldom enough to cost nothing.</summary>
public sealed class ProgressTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private static readonly TimeSpan HalfASecond = TimeSpan.FromSeconds(0.5);

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

    [Fact]
    public async Task An_artifact_tells_of_its_progress_at_most_twice_a_second()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var content = WavFile.Of(WavFile.HeaderBytes + 192_000);
        // Thirty pieces over three seconds: fifteen times as many changes as may be told.
        var url = server.Add(
            async (context, _) =>
            {
                context.Response.ContentLength = content.Length;
                foreach (var piece in content.Chunk((content.Length / 30) + 1))
                {
                    await context.Response.Body.WriteAsync(piece);
                    await context.Response.Body.FlushAsync();
                    await Task.Delay(100);
                }
            },
            ".wav");

        var artifact = await company.Client.CreateArtifactAsync(new() { Name = "slow.wav", Type = ArtifactType.Audio, Url = url }, ct);
        await company.CompletedAsync(artifact.Id);
        var told = (await company.Client.ListEventsAsync(null, [EventTypes.ArtifactProgress], null, ct)).Data;

        Assert.True(told.Count >= 2, $"{told.Count} progress events\n{platform.LogsAbout(artifact.Id)}");
        Assert.All(told.Zip(told.Skip(1), (a, b) => b.CreatedAt - a.CreatedAt), gap => Assert.True(gap >= HalfASecond - Tolerance, $"{gap.TotalMilliseconds} ms"));
        var percents = told.Select(e => e.Data.Object.GetProperty("progress").GetInt32()).ToList();
        Assert.Equal(percents.Distinct().Order(), percents);
    }
}
