using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Companies;

namespace ArtifactPlatform.Tests.Api;

/// <summary>In every PATCH null takes away what can be, and what is left out stays.</summary>
public sealed class PatchTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("videos", "title")]
    [InlineData("artifacts", "name")]
    [InlineData("docks", "name", "maxSizeBytes")]
    [InlineData("webhook-endpoints", "url", "events", "status")]
    [InlineData("settings/retention", "eventsDays", "deliveriesDays", "failedUploadsDays", "deletedArtifactsDays")]
    [InlineData("users", "name", "role")]
    [InlineData("users/me", "name")]
    public async Task What_there_must_be_can_not_be_null(string path, params string[] members)
    {
        var things = await MakeAsync();
        using var http = things.Http;
        foreach (var member in members)
        {
            using var response = await http.SendAsync("PATCH", things.PathOf[path], $$"""{"{{member}}":null}""", ct);
            var error = await response.ErrorAsync(HttpStatusCode.BadRequest, ct);

            Assert.Equal(("invalid_parameter", member), (error.Code, error.Param));
            Assert.Contains($" {member} must not be null", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("videos", "description", "\"a\"", "null")]
    [InlineData("videos", "passthrough", "\"a\"", "null")]
    [InlineData("videos", "tags", """["a"]""", "[]")]
    [InlineData("artifacts", "metadata", """{"a":1}""", "null")]
    [InlineData("artifacts", "expiresAt", "\"2100-01-01T00:00:00.000Z\"", "null")]
    [InlineData("webhook-endpoints", "description", "\"a\"", "null")]
    public async Task What_there_can_be_none_of_is_taken_away_by_null_and_stays_when_left_out(string path, string member, string value, string none)
    {
        var things = await MakeAsync();
        using var http = things.Http;
        Assert.Equal(value, await AfterAsync($$"""{"{{member}}":{{value}}}"""));
        Assert.Equal(value, await AfterAsync("{}"));
        Assert.Equal(none, await AfterAsync($$"""{"{{member}}":null}"""));
        Assert.Equal(none, (await ReadAsync(http, things.PathOf[path]))[member]?.ToJsonString() ?? "null");

        async Task<string> AfterAsync(string body)
        {
            using var response = await http.SendAsync("PATCH", things.PathOf[path], body, ct);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(ct))?[member]?.ToJsonString() ?? "null";
        }
    }

    [Fact]
    public async Task One_that_names_nothing_changes_nothing_and_leaves_no_trace()
    {
        var things = await MakeAsync();
        var company = things.Company;
        using var http = things.Http;
        var paths = ApiRoutes.All.Where(r => r.Method == "PATCH").Select(r => r.Pattern).ToList();
        Assert.Equal(things.PathOf.Count, paths.Count);
        var (audited, events) = ((await company.Client.ListAuditLogAsync(null, null, 100, null, ct)).Data.Count, (await company.Client.ListEventsAsync(null, null, 1000, ct)).Data.Count);
        foreach (var path in things.PathOf.Values)
        {
            var readable = path.EndsWith("/users/me", StringComparison.Ordinal) ? "/api/v1/sessions/current" : path.Contains("/users/", StringComparison.Ordinal) ? "/api/v1/users" : path;
            var before = await ReadAsync(http, readable);
            foreach (var body in new[] { "{}", """{"colour":null}""" })
            {
                using var response = await http.SendAsync("PATCH", path, body, ct);
                Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(ct)}");
            }

            Assert.Equal(before.ToJsonString(), (await ReadAsync(http, readable)).ToJsonString());
        }

        Assert.Equal(audited, (await company.Client.ListAuditLogAsync(null, null, 100, null, ct)).Data.Count);
        Assert.Equal(events, (await company.Client.ListEventsAsync(null, null, 1000, ct)).Data.Count);
    }

    [Fact]
    public async Task One_that_names_nothing_of_something_that_is_not_there_is_told_so()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        foreach (var route in ApiRoutes.All.Where(r => r.Method == "PATCH" && r.Pattern.Contains('{', StringComparison.Ordinal)))
        {
            using var response = await http.SendAsync(route.Method, route.At("none"), "{}", ct);
            Assert.Equal((route, "not_found"), (route, (await response.ErrorAsync(HttpStatusCode.NotFound, ct)).Type));
        }
    }

    [Fact]
    public async Task The_audit_log_tells_a_description_taken_away_from_one_left_as_it_is()
    {
        var company = await platform.NewCompanyAsync();
        var hook = await company.Client.CreateWebhookEndpointAsync(new() { Url = "https://hooks.example.com/", Events = ["*"], Description = "a" }, ct);
        await company.Client.PatchWebhookEndpointAsync(hook.Id, new() { Description = null }, ct);
        await company.Client.PatchWebhookEndpointAsync(hook.Id, new() { Url = "https://hooks.example.com/in?token=secret" }, ct);
        var changes = (await company.Client.ListAuditLogAsync("webhook_endpoint.changed", hook.Id, null, null, ct)).Data;

        Assert.Equal(["""{"url":"https://hooks.example.com/in"}""", """{"description":null}"""], changes.Select(c => JsonSerializer.Serialize(c.Details)));
    }

    private async Task<JsonNode> ReadAsync(HttpClient http, string path) => JsonNode.Parse(await http.GetStringAsync(path, ct)) ?? throw new InvalidOperationException($"{path} is empty.");

    /// <summary>One of each kind of thing that can be changed, and a caller who may change them all.</summary>
    private async Task<Things> MakeAsync()
    {
        var company = await platform.NewCompanyAsync();
        var artifact = await company.Client.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct);
        var video = await company.Client.CreateVideoAsync(new() { ArtifactId = artifact.ArtifactId }, ct);
        var dock = await company.Client.CreateDockAsync(new() { Name = "a" }, ct);
        var hook = await company.Client.CreateWebhookEndpointAsync(new() { Url = "https://hooks.example.com/", Events = ["upload.completed"] }, ct);
        var person = await company.AddPersonAsync(UserRole.Viewer);
        var session = await company.OpenSessionAsync(new(company.UserId, company.Email, company.Password), ct);
        return new Things(company, platform.CreateClient(session.Token), new()
        {
            ["videos"] = $"/api/v1/videos/{video.Id}",
            ["artifacts"] = $"/api/v1/artifacts/{artifact.ArtifactId}",
            ["docks"] = $"/api/v1/docks/{dock.Id}",
            ["webhook-endpoints"] = $"/api/v1/webhook-endpoints/{hook.Id}",
            ["settings/retention"] = "/api/v1/settings/retention",
            ["users"] = $"/api/v1/users/{person.Id}",
            ["users/me"] = "/api/v1/users/me",
        });
    }

    private sealed record Things(TestCompany Company, HttpClient Http, Dictionary<string, string> PathOf);
}
