using ArtifactPlatform.Client.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Webhooks;

/// <summary>What an endpoint gets, and what becomes of it when it does not take it.</summary>
public sealed class WebhookDeliveryTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_event_that_an_endpoint_listens_to_arrives_once_signed_as_the_log_has_it()
    {
        var (company, other) = (await platform.NewCompanyAsync(), await platform.NewCompanyAsync());
        await using var receiver = await HookReceiver.StartAsync();
        await company.RaiseAsync("before.mp4");
        var (narrow, kind) = (receiver.Add(), receiver.Add());
        var hook = await company.NewHookAsync(narrow, "artifact.deleted", "video.ready");
        var second = await company.NewHookAsync(kind, "artifact.*");
        await other.RaiseAsync();
        var id = await company.RaiseAsync("Über 漢字.mp4");
        await company.Client.DeleteArtifactAsync(id, ct);

        var deleted = Assert.Single(await receiver.CountAsync(narrow, 1));
        var both = await receiver.CountAsync(kind, 2);
        var logged = (await company.Client.ListEventsAsync(null, null, null, ct)).Data;

        Assert.Equal(["artifact.created", "artifact.deleted"], both.Select(r => r.Event.Type).Order());
        Assert.Equal(("application/json", logged[^1].Id, "artifact.deleted"), (deleted.ContentType, deleted.Id, deleted.Event.Type));
        Assert.All(both, r => Assert.Equal((r.Event.Id, r.Event.CompanyId, "Über 漢字.mp4"), (r.Id, company.CompanyId, r.Event.Data.Object.GetProperty("name").GetString())));
        Assert.Equal(logged.Skip(1).Select(e => e.Data.Object.GetRawText()).Order(), both.Select(r => r.Event.Data.Object.GetRawText()).Order());
        Assert.True(deleted.IsSignedWith(hook.Secret));
        Assert.All(both, r => Assert.True(r.IsSignedWith(second.Secret)));
        Assert.DoesNotContain(both, r => r.IsSignedWith(hook.Secret));
        var delivery = await company.DeliveredAsync(hook.Id);
        Assert.Equal((1, 204, null, WebhookTrigger.Event, logged[^1].Id), (delivery.Attempts, delivery.ResponseStatus, delivery.ErrorCode, delivery.Trigger, delivery.EventId));
        Assert.NotNull(delivery.LastAttemptAt);
        Assert.Single(receiver.At(narrow));
    }

    [Fact]
    public async Task A_failure_is_tried_again_under_the_same_id_and_its_answer_is_kept()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var url = receiver.Add(async (context, hit) =>
        {
            context.Response.StatusCode = hit == 1 ? 500 : 202;
            await context.Response.WriteAsync(hit == 1 ? $"Oops\0{new string('x', 5000)}" : "taken");
        });
        var hook = await company.NewHookAsync(url);
        await company.RaiseAsync();

        var failed = await company.DeliveryAsync(hook.Id, d => d.ResponseStatus == 500);
        Assert.Equal((WebhookDeliveryStatus.Pending, 1, "http_error", 1024), (failed.Status, failed.Attempts, failed.ErrorCode, failed.ResponseBody?.Length));
        Assert.StartsWith("Oops\uFFFDxxx", failed.ResponseBody, StringComparison.Ordinal);
        Assert.InRange(failed.NextAttemptAt!.Value - failed.LastAttemptAt!.Value, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5.5));
        Assert.NotNull((await company.Client.GetWebhookEndpointAsync(hook.Id, ct)).FailingSince);

        var delivered = await company.DeliveredAsync(hook.Id);
        Assert.Equal((failed.Id, 2, 202, "taken", null, null), (delivered.Id, delivered.Attempts, delivered.ResponseStatus, delivered.ResponseBody, delivered.ErrorCode, delivered.NextAttemptAt));
        var hits = receiver.At(url);
        Assert.Equal((2, hits[0].Id, hits[0].Body), (hits.Count, hits[1].Id, hits[1].Body));
        Assert.All(hits, r => Assert.True(r.IsSignedWith(hook.Secret)));
        Assert.Null((await company.Client.GetWebhookEndpointAsync(hook.Id, ct)).FailingSince);
    }

    [Fact]
    public async Task Whoever_does_not_answer_redirects_or_lies_in_a_private_network_has_not_taken_it()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var target = receiver.Add();
        var (silent, moved) = (await company.NewHookAsync(receiver.AddSilent()), await company.NewHookAsync(receiver.Add((context, _) =>
        {
            context.Response.Redirect(target);
            return Task.CompletedTask;
        })));
        var (inner, closed, nowhere) = (await company.NewHookAsync("https://a.example.com/"), await company.NewHookAsync("http://127.0.0.1:1/"), await company.NewHookAsync("http://nowhere.invalid/"));
        await using (var db = platform.Database())
        {
            // As a name that leads elsewhere by the time it is connected to.
            await db.WebhookEndpoints.Where(e => e.Id == inner.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.Url, $"http://127.0.0.2:{receiver.Port}{new Uri(target).AbsolutePath}"), ct);
        }

        await company.RaiseAsync();

        Assert.Equal("timeout", (await company.DeliveryAsync(silent.Id, d => d.ErrorCode is not null)).ErrorCode);
        Assert.Equal(("http_error", 302), await ResultAsync(moved.Id));
        Assert.Equal(("forbidden_address", null), await ResultAsync(inner.Id));
        Assert.Equal(("connection_failed", null), await ResultAsync(closed.Id));
        // Without a resolver a name can't be looked up at all.
        Assert.Contains((await ResultAsync(nowhere.Id)).Code, new[] { "host_not_found", "connection_failed" });
        Assert.Empty(receiver.At(target));

        async Task<(string? Code, int? Status)> ResultAsync(string id)
        {
            var delivery = await company.DeliveryAsync(id, d => d.ErrorCode is not null);
            return (delivery.ErrorCode, delivery.ResponseStatus);
        }
    }

    [Fact]
    public async Task Dead_endpoints_with_a_backlog_do_not_delay_another()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var dead = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => company.NewHookAsync(receiver.AddSilent())));
        for (var i = 0; i < 10; i++)
        {
            await company.RaiseAsync();
        }

        foreach (var hook in dead)
        {
            await company.DeliveryAsync(hook.Id, d => d.Attempts > 0);
        }

        var well = receiver.Add();
        var alive = await company.NewHookAsync(well);
        for (var i = 0; i < 5; i++)
        {
            await company.RaiseAsync();
        }

        await receiver.CountAsync(well, 5, () => platform.LogsAbout(alive.Id));
        Assert.All(await company.LogAsync(alive.Id), d => Assert.Equal(1, d.Attempts));
        Assert.DoesNotContain(await Task.WhenAll(dead.Select(hook => company.LogAsync(hook.Id))), log => log.Any(d => d.Status == WebhookDeliveryStatus.Delivered));
        // One that fails is asked one at a time, until it shows that it is well.
        await using var db = platform.Database();
        var ids = dead.Select(hook => hook.Id).ToList();
        await Eventually.TrueAsync(() => db.WebhookEndpoints.Where(e => ids.Contains(e.Id)).AllAsync(e => e.FailingSince != null, ct), () => "all dead ones to fail");
        Assert.True(await db.WebhookDeliveries.Where(d => ids.Contains(d.EndpointId) && d.Attempt == 0).AnyAsync(ct));
    }

    [Fact]
    public async Task A_410_disables_the_endpoint_and_gives_up_what_was_on_its_way()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var url = receiver.AddStatus(410);
        var hook = await company.NewHookAsync(url);
        await using var db = platform.Database();
        // Nothing is sent until three are waiting.
        await db.WebhookEndpoints.Where(e => e.Id == hook.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.FailingSince, TimeProvider.System.GetUtcNow()), ct);
        for (var i = 0; i < 3; i++)
        {
            await company.RaiseAsync();
        }

        var gone = await Eventually.GetAsync(
            async () => await company.Client.GetWebhookEndpointAsync(hook.Id, ct) is { Status: WebhookEndpointStatus.Disabled } e ? e : null, () => $"the endpoint to be disabled\n{platform.LogsAbout(hook.Id)}");
        Assert.Equal(WebhookDisabledReason.Gone, gone.DisabledReason);
        await company.RaiseAsync();
        Assert.All(await company.LogAsync(hook.Id), d => Assert.Equal((WebhookDeliveryStatus.Failed, null), (d.Status, d.NextAttemptAt)));
        var refused = await company.DeliveryAsync(hook.Id, d => d.ResponseStatus == 410);
        Assert.Equal(("http_error", receiver.At(url)[0].Id), (refused.ErrorCode, refused.EventId));

        // What happened meanwhile is not sent by itself.
        await company.Client.PatchWebhookEndpointAsync(hook.Id, new() { Url = receiver.Add(), Status = WebhookEndpointStatus.Enabled }, ct);
        await company.RaiseAsync();
        await company.DeliveredAsync(hook.Id);
        Assert.Single(await company.LogAsync(hook.Id, new() { Status = WebhookDeliveryStatus.Delivered }));
    }

    [Fact]
    public async Task Each_of_several_410s_at_once_is_in_the_log()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        const int Count = 4;
        var before = await company.RaiseAsync();
        for (var i = 0; i < Count; i++)
        {
            await company.RaiseAsync();
        }

        var allThere = new TaskCompletionSource();
        var hook = await company.NewHookAsync(receiver.Add(async (context, hit) =>
        {
            if (hit == Count)
            {
                allThere.SetResult();
            }

            await allThere.Task;
            context.Response.StatusCode = 410;
        }));
        var first = (await company.Client.ListEventsAsync(null, null, null, ct)).Data.Single(e => e.Data.Object.GetProperty("id").GetString() == before);
        await company.Client.ReplayWebhookEventsAsync(hook.Id, new() { After = first.Id }, ct);

        await Eventually.TrueAsync(
            async () => (await company.LogAsync(hook.Id)).Count(d => (d.Status, d.ResponseStatus, d.Attempts) == (WebhookDeliveryStatus.Failed, 410, 1)) == Count,
            () => $"{Count} answers in the log\n{platform.LogsAbout(hook.Id)}");
        Assert.Equal(WebhookDisabledReason.Gone, (await company.Client.GetWebhookEndpointAsync(hook.Id, ct)).DisabledReason);
    }

    [Fact]
    public async Task Three_days_of_failing_disable_the_endpoint_but_not_a_day_less_or_a_few_attempts()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var (young, untried, old) = (await FailingAsync(2.9, 50), await FailingAsync(4, 5), await FailingAsync(3.1, 9));
        await company.RaiseAsync();

        await company.DeliveryAsync(old.Id, d => d.Status == WebhookDeliveryStatus.Failed && d.ResponseStatus == 503);
        foreach (var hook in new[] { young, untried })
        {
            await company.DeliveryAsync(hook.Id, d => d is { Status: WebhookDeliveryStatus.Pending, ResponseStatus: 503 });
        }

        Assert.Equal(
            [(WebhookEndpointStatus.Enabled, null), (WebhookEndpointStatus.Enabled, null), (WebhookEndpointStatus.Disabled, WebhookDisabledReason.Failing)],
            (await Task.WhenAll(new[] { young, untried, old }.Select(hook => company.Client.GetWebhookEndpointAsync(hook.Id, ct)))).Select(e => (e.Status, e.DisabledReason)));

        async Task<CreatedWebhookEndpoint> FailingAsync(double days, int failures)
        {
            var hook = await company.NewHookAsync(receiver.AddStatus(503));
            await using var db = platform.Database();
            var since = TimeProvider.System.GetUtcNow().AddDays(-days);
            await db.WebhookEndpoints.Where(e => e.Id == hook.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.FailingSince, since).SetProperty(e => e.FailureCount, failures), ct);
            return hook;
        }
    }

    [Fact]
    public async Task A_delivery_ends_after_ten_attempts_or_when_its_event_is_no_longer_kept()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var hook = await company.NewHookAsync(receiver.AddStatus(500));
        var (last, expired) = (await FirstAsync(), await FirstAsync());
        await using var db = platform.Database();
        await db.Events.Where(e => e.CompanyId == company.CompanyId && e.Id == expired.EventId).ExecuteDeleteAsync(ct);
        await db.WebhookDeliveries.Where(d => d.Id == last.Id || d.Id == expired.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.Attempt, 9).SetProperty(d => d.Step, 9).SetProperty(d => d.NextAttemptAt, TimeProvider.System.GetUtcNow()), ct);

        var ended = await company.DeliveryAsync(hook.Id, d => d.Id == last.Id && d.Status == WebhookDeliveryStatus.Failed);
        var gone = await company.DeliveryAsync(hook.Id, d => d.Id == expired.Id && d.Status == WebhookDeliveryStatus.Failed);
        Assert.Equal((10, "http_error", null), (ended.Attempts, ended.ErrorCode, ended.NextAttemptAt));
        Assert.Equal("event_expired", gone.ErrorCode);

        async Task<WebhookDeliveryObject> FirstAsync()
        {
            var artifact = await company.RaiseAsync();
            var raised = (await company.Client.ListEventsAsync(null, null, 1000, ct)).Data.Single(e => e.Data.Object.GetProperty("id").GetString() == artifact);
            return await company.DeliveryAsync(hook.Id, d => d.EventId == raised.Id && d.ResponseStatus == 500);
        }
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_sign_for_as_long_as_was_asked_for()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var url = receiver.Add();
        var first = await company.NewHookAsync(url);
        var second = await company.Client.RotateWebhookSecretAsync(first.Id, null, ct);
        await company.RaiseAsync();
        var both = (await receiver.CountAsync(url, 1))[0];
        var third = await company.Client.RotateWebhookSecretAsync(first.Id, TimeSpan.Zero, ct);
        await company.RaiseAsync();
        var one = (await receiver.CountAsync(url, 2))[1];

        Assert.Equal((2, 1), (both.Signatures.Length, one.Signatures.Length));
        Assert.Equal((true, true, false), (both.IsSignedWith(first.Secret), both.IsSignedWith(second.Secret), both.IsSignedWith(third.Secret)));
        Assert.Equal((false, false, true), (one.IsSignedWith(first.Secret), one.IsSignedWith(second.Secret), one.IsSignedWith(third.Secret)));
    }

    [Fact]
    public async Task One_event_or_a_range_is_sent_again_and_a_test_goes_to_its_endpoint_alone()
    {
        var company = await platform.NewCompanyAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var (url, elsewhere) = (receiver.Add(), receiver.Add());
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await company.RaiseAsync($"{i}.mp4"));
        }

        await company.Client.DeleteArtifactAsync(ids[3], ct);
        var hook = await company.NewHookAsync(url, "artifact.created");
        await company.NewHookAsync(elsewhere, "*");
        var log = (await company.Client.ListEventsAsync(null, null, null, ct)).Data;

        // The event of a type that the endpoint does not listen to, since it is asked for by its id.
        Assert.Equal(1, (await company.Client.ReplayWebhookEventsAsync(hook.Id, new() { EventId = log[4].Id }, ct)).Queued);
        Assert.Equal(("artifact.deleted", log[4].Id), (await receiver.CountAsync(url, 1)) is [var one] ? (one.Event.Type, one.Id) : default);
        Assert.Equal(new WebhookReplay(2, null), await company.Client.ReplayWebhookEventsAsync(hook.Id, new() { After = log[0].Id, Before = log[3].Id }, ct));
        Assert.Equal([log[1].Id, log[2].Id], (await receiver.CountAsync(url, 3)).Skip(1).Select(r => r.Id).Order());
        // What is on its way still would not be sent again.
        await company.DeliveryAsync(hook.Id, d => d.EventId == log[1].Id && d.Status == WebhookDeliveryStatus.Delivered);
        await company.DeliveryAsync(hook.Id, d => d.EventId == log[2].Id && d.Status == WebhookDeliveryStatus.Delivered);
        var before = log[0].CreatedAt.AddSeconds(-1).ToString("O");
        Assert.Equal(4, (await company.Client.ReplayWebhookEventsAsync(hook.Id, new() { After = before }, ct)).Queued);
        Assert.Equal(0, (await company.Client.ReplayWebhookEventsAsync(hook.Id, new() { After = before, Before = before }, ct)).Queued);
        await receiver.CountAsync(url, 7);

        var test = await company.Client.TestWebhookEndpointAsync(hook.Id, ct);
        Assert.Equal(("webhook.test", WebhookTrigger.Test, WebhookDeliveryStatus.Pending), (test.EventType, test.Trigger, test.Status));
        var tested = (await receiver.CountAsync(url, 8))[7];
        Assert.Equal((test.EventId, "webhook.test", hook.Id), (tested.Id, tested.Event.Type, tested.Event.Data.Object.GetProperty("id").GetString()));
        Assert.True(tested.IsSignedWith(hook.Secret));
        await company.DeliveryAsync(hook.Id, d => d.Id == test.Id && d.Status == WebhookDeliveryStatus.Delivered);
        Assert.Empty(receiver.At(elsewhere));
        Assert.Equal(log.Count, (await company.Client.ListEventsAsync(null, null, null, ct)).Data.Count);
        Assert.Equal([test.Id], (await company.LogAsync(hook.Id, new() { EventType = "webhook.test" })).Select(d => d.Id));
        Assert.Equal(2, (await company.LogAsync(hook.Id, new() { EventId = log[1].Id })).Count);
        Assert.Equal(4, (await company.Client.ListAuditLogAsync("webhook_events.replayed", hook.Id, null, null, ct)).Data.Count);
    }
}
