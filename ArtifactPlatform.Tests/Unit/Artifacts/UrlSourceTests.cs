using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Tests.Ingest;
using ArtifactPlatform.Worker.Artifacts;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Tests.Unit.Artifacts;

public sealed class UrlSourceTests
{
    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 5)]
    public async Task A_transfer_that_broke_is_waited_for_and_one_that_never_began_is_not(bool begins, int requests)
    {
        await using var server = await SourceServer.StartAsync();
        var begun = new TaskCompletionSource();
        var url = server.Add(async (context, hit) =>
        {
            if (hit == 1 && begins)
            {
                await context.Response.Body.WriteAsync(new byte[1000]);
                await context.Response.Body.FlushAsync();
                await begun.Task;
            }

            context.Abort();
        });
        using var source = new UrlSource(Options.Create(new IngestOptions { AllowedPrivateNetworks = ["127.0.0.1/32"], IdleTimeout = TimeSpan.FromHours(1) }), new FastClock());

        var failure = await Assert.ThrowsAsync<IngestDelayedException>(async () =>
        {
            await using var opened = await source.OpenAsync(url, TestContext.Current.CancellationToken);
            await opened.Stream.ReadExactlyAsync(new byte[1000], TestContext.Current.CancellationToken);
            begun.SetResult();
            await opened.Stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        });

        Assert.Equal("source_unreachable", failure.Code);
        Assert.Equal(requests, server.Hits(url));
    }

    /// <summary>Waits a twentieth of the time.</summary>
    private sealed class FastClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, dueTime / 20, period);
    }
}
