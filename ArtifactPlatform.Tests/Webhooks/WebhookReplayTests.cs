using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Webhooks;

/// <summary>What somebody does to an endpoint while something is on its way to it.</summary>
public sealed class WebhookReplayTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replay_of_what_waits_for_its_next_attempt_hurries_it()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var isWell = false;
        var url = receiver.Add((context, _) =>
        {
            context.Response.StatusCode = Volatile.Read(ref isWell) ? 200 : 500;
            return Task.CompletedTask;
        });
        var hook = await company.NewHookAsync(url);
        await company.RaiseAsync();
        var failed = await company.DeliveryAsync(hook.Id, d => d.ResponseStatus == 500);
        await using var db = platform.Database();
        await db.WebhookDeliveries.Where(d => d.Id == failed.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.NextAttemptAt, TimeProvider.System.GetUtcNow().AddHours(1)), ct);
        // One more than the first where the machine was so slow that the next attempt, after 5 s, came before this.
        var waiting = Assert.Single(await company.LogAsync(hook.Id));
        Volatile.Write(ref isWell, true);

        await company.Client.ReplayWebhookEventsAsync(hook.Id, new() { EventId = failed.EventId }, ct);

        Assert.Equal((failed.Id, waiting.Attempts + 1), (await company.DeliveredAsync(hook.Id)) is { } done ? (done.Id, done.Attempts) : default);
        Assert.Single(await company.LogAsync(hook.Id));
    }

    [Fact]
    public async Task A_replay_that_fails_takes_nothing_from_the_schedule()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var hook = await company.NewHookAsync(receiver.AddStatus(500));
        await company.RaiseAsync();
        await company.DeliveryAsync(hook.Id, d => d is { Attempts: 2, Status: WebhookDeliveryStatus.Pending, ResponseStatus: 500 } && d.NextAttemptAt > TimeProvider.System.GetUtcNow().AddMinutes(4));
        var waiting = Assert.Single(await company.LogAsync(hook.Id));

        for (var attempt = 3; attempt <= 5; attempt++)
        {
            // Twice: the second finds it hurried already, or sent.
            await company.Client.ReplayWebhookEventsAsync(hook.Id, new() { EventId = waiting.EventId }, ct);
            var again = await company.DeliveryAsync(hook.Id, d => d.Attempts == attempt && d.NextAttemptAt > TimeProvider.System.GetUtcNow().AddMinutes(3));
            Assert.Equal((WebhookDeliveryStatus.Pending, waiting.NextAttemptAt), (again.Status, again.NextAttemptAt));
        }

        // The third step of the schedule follows, not the sixth.
        await using var db = platform.Database();
        await db.WebhookDeliveries.Where(d => d.Id == waiting.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.NextAttemptAt, TimeProvider.System.GetUtcNow()), ct);
        var third = await company.DeliveryAsync(hook.Id, d => d.Attempts == 6 && d.NextAttemptAt > TimeProvider.System.GetUtcNow().AddMinutes(3));
        Assert.InRange(third.NextAttemptAt!.Value - third.LastAttemptAt!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(33.1));
    }

    [Theory]
    [InlineData(200, WebhookDeliveryStatus.Delivered)]
    [InlineData(500, WebhookDeliveryStatus.Failed)]
    public async Task What_is_being_sent_while_its_endpoint_is_disabled_and_enabled_ends_as_it_is_answered(int status, WebhookDeliveryStatus expected)
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var (arrived, answer) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var url = receiver.Add(async (context, _) =>
        {
            arrived.TrySetResult();
            await answer.Task;
            context.Response.StatusCode = status;
        });
        var hook = await company.NewHookAsync(url);
        await company.RaiseAsync();
        await arrived.Task.WaitAsync(Eventually.Patience, ct);
        await company.Client.PatchWebhookEndpointAsync(hook.Id, new() { Status = WebhookEndpointStatus.Disabled }, ct);
        await company.Client.PatchWebhookEndpointAsync(hook.Id, new() { Status = WebhookEndpointStatus.Enabled }, ct);
        answer.SetResult();

        var ended = await company.DeliveryAsync(hook.Id, d => d.Status != WebhookDeliveryStatus.Pending);
        Assert.Equal((expected, 1, status, null), (ended.Status, ended.Attempts, ended.ResponseStatus, ended.NextAttemptAt));
        Assert.Single(receiver.At(url));
    }

    [Fact]
    public async Task A_range_that_begins_before_what_was_removed_is_refused_rather_than_sent_with_a_hole()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await company.RaiseAsync();
        }

        var hook = await company.NewHookAsync(receiver.Add());
        var log = (await company.Client.ListEventsAsync(null, null, null, ct)).Data;
        await using var db = platform.Database();
        await db.Database.ExecuteSqlAsync($"update event_heads set pruned_sequence = 2 where company_id = {company.CompanyId}", ct);

        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.ReplayWebhookEventsAsync(hook.Id, new() { After = log[0].Id }, ct));
        Assert.Equal((HttpStatusCode.BadRequest, "events_pruned", "after"), (e.Status, e.Error.Code, e.Error.Param));
        Assert.Equal(1, (await company.Client.ReplayWebhookEventsAsync(hook.Id, new() { After = log[1].Id }, ct)).Queued);
    }

    [Fact]
    public async Task A_type_that_there_is_none_of_is_refused_in_the_log_of_deliveries()
    {
        var company = await platform.NewCompanyAsync();
        var hook = await company.NewHookAsync("https://example.com/hook");
        foreach (var type in new[] { "artifact.nope", "artifact.*" })
        {
            var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.LogAsync(hook.Id, new() { EventType = type }));
            Assert.Equal("eventType", e.Error.Param);
        }

        Assert.Empty(await company.LogAsync(hook.Id, new() { EventType = EventTypes.WebhookTest }));
    }
}
