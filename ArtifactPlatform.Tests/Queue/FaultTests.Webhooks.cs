using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Tests.Webhooks;

namespace ArtifactPlatform.Tests.Queue;

public sealed partial class FaultTests
{
    [Fact]
    public async Task A_worker_killed_while_webhooks_are_sent_loses_none_and_sends_none_more_than_twice()
    {
        const int events = 30;
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var reached = new TaskCompletionSource();
        var url = receiver.Add(async (context, hit) =>
        {
            if (hit is > 8 and <= 16)
            {
                // The worker dies with these under way: received, and never answered.
                reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        });
        var hook = await company.NewHookAsync(url);
        var raised = await Task.WhenAll(Enumerable.Range(0, events).Select(i => company.RaiseAsync($"{i}.mp4")));
        await reached.Task.WaitAsync(Eventually.Patience, ct);

        await platform.App.KillResourceAsync("worker");
        await Eventually.TrueAsync(
            async () => (await company.LogAsync(hook.Id, new() { Status = WebhookDeliveryStatus.Delivered, Limit = 100 })).Count == events,
            () => $"{events} deliveries; {string.Join("\n", receiver.At(url).Select(r => r.Id))}\n{platform.LogsAbout(hook.Id)}");

        var times = receiver.At(url).GroupBy(r => r.Id).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(raised.Order(), receiver.At(url).Select(r => r.Event.Data.Object.GetProperty("id").GetString()!).Distinct().Order());
        Assert.All(times, t => Assert.InRange(t.Value, 1, 2));
        Assert.Contains(2, times.Values);
    }
}
