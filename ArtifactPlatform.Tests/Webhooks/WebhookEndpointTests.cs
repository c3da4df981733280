using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Webhooks;
using ArtifactPlatform.Tests.Api;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Webhooks;

/// <summary>Endpoints are made, changed and removed, and their secrets shown once.</summary>
public sealed class WebhookEndpointTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private const string Url = "https://hooks.example.com/in?token=part-of-the-address";

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_endpoint_is_made_changed_listed_and_deleted()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.Client.CreateWebhookEndpointAsync(new() { Url = Url, Events = ["artifact.*", "video.ready", "video.ready"], Description = "Pipeline" }, ct);
        var second = await company.NewHookAsync("https://hooks.example.com/second", "*");

        Assert.Matches("^we_[0-9a-f]{24}$", made.Id);
        Assert.Equal((Url, "Pipeline", WebhookEndpointStatus.Enabled, "Test Owner"), (made.Url, made.Description, made.Status, made.CreatedBy.Name));
        Assert.Equal(["artifact.*", "video.ready"], made.Events);
        var pages = await company.Client.ListWebhookEndpointsAsync(1, null, ct);
        Assert.Equal([second.Id, made.Id], [Assert.Single(pages.Data).Id, Assert.Single((await company.Client.ListWebhookEndpointsAsync(1, pages.NextCursor, ct)).Data).Id]);

        var off = await company.Client.PatchWebhookEndpointAsync(made.Id, new() { Status = WebhookEndpointStatus.Disabled, Description = "", Events = ["upload.completed"] }, ct);
        Assert.Equal((WebhookEndpointStatus.Disabled, WebhookDisabledReason.ByUser, null, Url), (off.Status, off.DisabledReason, off.Description, off.Url));
        Assert.Equal(["upload.completed"], off.Events);
        Assert.NotNull(off.DisabledAt);
        Assert.Equal("webhook_endpoint_disabled", await CodeAsync(() => company.Client.TestWebhookEndpointAsync(made.Id, ct)));
        Assert.Equal("webhook_endpoint_disabled", await CodeAsync(() => company.Client.ReplayWebhookEventsAsync(made.Id, new() { After = "2026-01-01T00:00:00Z" }, ct)));
        var on = await company.Client.PatchWebhookEndpointAsync(made.Id, new() { Status = WebhookEndpointStatus.Enabled }, ct);
        Assert.Equal((WebhookEndpointStatus.Enabled, null, null), (on.Status, on.DisabledReason, on.DisabledAt));

        await company.Client.DeleteWebhookEndpointAsync(made.Id, ct);
        Assert.Equal("webhook_endpoint_not_found", await CodeAsync(() => company.Client.GetWebhookEndpointAsync(made.Id, ct)));
        var log = (await company.Client.ListAuditLogAsync(null, made.Id, 100, null, ct)).Data.Reverse().ToList();
        Assert.Equal(["webhook_endpoint.created", "webhook_endpoint.changed", "webhook_endpoint.changed", "webhook_endpoint.deleted"], log.Select(e => e.Action));
        Assert.All(log, e => Assert.DoesNotContain("part-of-the-address", e.Details.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_is_shown_once_stored_encrypted_and_rotated()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.NewHookAsync(Url);
        var rotated = await company.Client.RotateWebhookSecretAsync(made.Id, null, ct);

        Assert.NotEqual(made.Secret, rotated.Secret);
        Assert.InRange(rotated.PreviousSecretExpiresAt!.Value - rotated.UpdatedAt, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));
        Assert.Null((await company.Client.RotateWebhookSecretAsync(made.Id, TimeSpan.Zero, ct)).PreviousSecretExpiresAt);
        using var http = company.CreateHttp();
        foreach (var path in new[] { "", $"/{made.Id}", $"/{made.Id}/deliveries" })
        {
            Assert.DoesNotContain("whsec_", await http.GetStringAsync($"/api/v1/webhook-endpoints{path}", ct), StringComparison.Ordinal);
        }

        await using var db = platform.Database();
        var row = await db.WebhookEndpoints.SingleAsync(e => e.Id == made.Id, ct);
        Assert.Null(row.PreviousProtectedSecret);
        Assert.DoesNotContain("whsec_", row.ProtectedSecret, StringComparison.Ordinal);
        Assert.DoesNotContain(new[] { "api", "worker" }.SelectMany(name => platform.App.GetLogs(name)), line => line.Contains("whsec_", StringComparison.Ordinal));
        Assert.Equal(2, (await company.Client.ListAuditLogAsync("webhook_secret.rotated", made.Id, null, null, ct)).Data.Count);
    }

    [Fact]
    public async Task Of_rotations_at_once_only_those_win_whose_secret_signs()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.NewHookAsync(Url);
        var attempts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CodeAsync(() => company.Client.RotateWebhookSecretAsync(made.Id, null, ct))));

        Assert.All(attempts, code => Assert.Contains(code, new[] { "ok", "webhook_endpoint_changed" }));
        Assert.Equal(attempts.Count(code => code == "ok"), (await company.Client.ListAuditLogAsync("webhook_secret.rotated", made.Id, null, null, ct)).Data.Count);
    }

    [Theory]
    [InlineData("""{"events":["*"]}""", "parameter_missing|invalid_parameter", "url")]
    [InlineData("""{"url":"https://example.com/x"}""", "parameter_missing|invalid_parameter", "events")]
    [InlineData("""{"url":"https://example.com/x","events":[]}""", "invalid_parameter", "events")]
    [InlineData("""{"url":"ftp://example.com/x","events":["*"]}""", "invalid_url", "url")]
    [InlineData("""{"url":"/hooks","events":["*"]}""", "invalid_url", "url")]
    [InlineData("""{"url":"https://user:pass@example.com/x","events":["*"]}""", "invalid_url", "url")]
    [InlineData("""{"url":"http://10.1.2.3/x","events":["*"]}""", "forbidden_address", "url")]
    [InlineData("""{"url":"http://[::1]/x","events":["*"]}""", "forbidden_address", "url")]
    [InlineData("""{"url":"http://169.254.169.254/x","events":["*"]}""", "forbidden_address", "url")]
    [InlineData("""{"url":"https://example.com/x","events":["artifact.*","artifact.exploded"]}""", "unknown_event_type", "events[1]")]
    [InlineData("""{"url":"https://example.com/x","events":["art*"]}""", "unknown_event_type", "events[0]")]
    [InlineData("""{"url":"https://example.com/x","events":[null]}""", "unknown_event_type", "events[0]")]
    [InlineData("""{"url":"https://example.com/x","events":["webhook.test"]}""", "unknown_event_type", "events[0]")]
    public async Task What_can_not_be_an_endpoint_is_refused_with_the_field_that_is_wrong(string body, string codes, string param)
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var response = await http.SendAsync("POST", "/api/v1/webhook-endpoints", body, ct);
        var error = await response.ErrorAsync(HttpStatusCode.BadRequest, ct);

        Assert.Contains(error.Code, codes.Split('|'));
        Assert.Equal(param, error.Param);
    }

    [Theory]
    [InlineData("{}", "replay_range_required", "eventId")]
    [InlineData("""{"eventId":"evt_1","after":"2026-01-01T00:00:00Z"}""", "replay_range_required", "eventId")]
    [InlineData("""{"before":"2026-01-01T00:00:00Z"}""", "replay_range_required", "eventId")]
    [InlineData("""{"after":"yesterday"}""", "invalid_parameter", "after")]
    [InlineData("""{"after":"2026-01-01T00:00:00Z","before":"tomorrow"}""", "invalid_parameter", "before")]
    public async Task A_replay_of_nothing_in_particular_is_refused(string body, string code, string param)
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.NewHookAsync(Url);
        using var http = company.CreateHttp();
        using var response = await http.SendAsync("POST", $"/api/v1/webhook-endpoints/{made.Id}/replay", body, ct);
        var error = await response.ErrorAsync(HttpStatusCode.BadRequest, ct);

        Assert.Equal((code, param), (error.Code, error.Param));
        Assert.Equal("event_not_found", await CodeAsync(() => company.Client.ReplayWebhookEventsAsync(made.Id, new() { EventId = "evt_none" }, ct)));
    }

    [Fact]
    public async Task A_company_has_at_most_fifty()
    {
        var company = await platform.NewCompanyAsync();
        await using var db = platform.Database();
        var now = TimeProvider.System.GetUtcNow();
        db.AddRange(Enumerable.Range(0, WebhookLimits.MaxEndpoints).Select(i => new WebhookEndpoint(company.CompanyId, company.UserId, $"https://example.com/{i}", null, ["*"], "x", 0, now)));
        await db.SaveChangesAsync(ct);

        Assert.Equal("too_many", await CodeAsync(() => company.NewHookAsync(Url)));
    }

    private static async Task<string> CodeAsync(Func<Task> call)
    {
        try
        {
            await call();
            return "ok";
        }
        catch (PlatformApiException e)
        {
            return e.Error.Code;
        }
    }
}
