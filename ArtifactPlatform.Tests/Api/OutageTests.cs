using System.Net;
using System.Net.Sockets;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>An Api that can't reach one of its stores, beside the platform that can.</summary>
public sealed class OutageTests(Platform platform) : IClassFixture<StartedPlatform>
{
    /// <summary>Nothing listens there: port 1 is reserved (TCPMUX).</summary>
    private const string Nowhere = "127.0.0.1:1";

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_postgres_every_route_answers_503_and_says_when_to_come_back()
    {
        var company = await platform.NewCompanyAsync();
        await using var api = await StartAsync("artifactdb", $"Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=2");
        using var http = CreateClient(api, company.ApiKey);
        // Without a provider nobody signs in through one, and nothing is asked.
        foreach (var route in ApiRoutes.All.Where(r => r.ToString() is not ("POST /api/v1/sessions/oidc" or "POST /api/v1/oauth/token")))
        {
            var body = route.IsPublic
                ? """{"email":"a@example.com","password":"seven quiet otters","name":"a","token":"join_x","grant_type":"client_credentials","client_id":"a","client_secret":"b"}"""
                : route.HasBody ? "{}" : null;
            using var response = await http.SendAsync(route.Method, route.At("x"), body, ct);
            var error = await response.ErrorAsync(HttpStatusCode.ServiceUnavailable, ct);

            Assert.Equal((route, "api_error", "dependency_unavailable"), (route, error.Type, error.Code));
            Assert.NotNull(response.Headers.RetryAfter?.Delta);
            Assert.DoesNotContain("127.0.0.1", error.Message, StringComparison.Ordinal);
        }

        // RFC 6749's form there.
        var token = await Assert.ThrowsAsync<PlatformApiException>(() => new PlatformClient(http).GetTokenAsync("a", "b", null, ct));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "temporarily_unavailable", true), (token.Status, token.Error.Code, token.RetryAfter is not null));
    }

    [Fact]
    public async Task Without_the_store_what_needs_it_answers_503_and_changes_nothing()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct);
        await using var api = await StartAsync("objectstore", $"Endpoint=http://{Nowhere};AccessKey=x;SecretKey=x");
        using var http = CreateClient(api, company.ApiKey);
        using var response = await http.SendAsync("POST", $"/api/v1/artifacts/{upload.ArtifactId}/complete", null, ct);

        Assert.Equal("dependency_unavailable", (await response.ErrorAsync(HttpStatusCode.ServiceUnavailable, ct)).Code);
        Assert.Equal(ArtifactStatus.Created, (await company.Client.GetArtifactAsync(upload.ArtifactId, ct)).Status);
        Assert.Single((await company.Client.ListEventsAsync(null, null, null, ct)).Data);
    }

    [Fact]
    public async Task A_store_that_is_frozen_is_answered_like_one_that_is_down()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct);
        using var frozen = new TcpListener(IPAddress.Loopback, 0);
        frozen.Start();
        await using var api = await StartAsync("objectstore", $"Endpoint=http://{frozen.LocalEndpoint};AccessKey=x;SecretKey=x", ("Api:RequestTimeout", "00:00:05"));
        using var http = CreateClient(api, company.ApiKey);
        using var stream = await SseStream.OpenAsync(CreateClient(api, company.ApiKey), "/api/v1/events/stream", null, ct);
        using var response = await http.SendAsync("POST", $"/api/v1/artifacts/{upload.ArtifactId}/complete", null, ct);

        Assert.Equal("dependency_unavailable", (await response.ErrorAsync(HttpStatusCode.ServiceUnavailable, ct)).Code);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        // The stream is older than that limit by now, and goes on.
        await company.Client.DeleteArtifactAsync(upload.ArtifactId, ct);
        Assert.Equal("artifact.deleted", (await stream.NextAsync(ct))?.Event);
    }

    [Fact]
    public async Task Without_redis_work_is_still_taken_and_events_still_come()
    {
        var company = await platform.NewCompanyAsync();
        await using var api = await StartAsync("redis", $"{Nowhere},connectTimeout=200");
        using var stream = await SseStream.OpenAsync(CreateClient(api, company.ApiKey), "/api/v1/events/stream", null, ct);
        using var http = CreateClient(api, company.ApiKey);
        using var response = await http.SendAsync("POST", "/api/v1/artifacts", """{"name":"a.mp4","type":"video"}""", ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("artifact.created", (await stream.NextAsync(ct))?.Event);
    }

    [Fact]
    public async Task A_stop_of_the_host_ends_its_streams_at_once()
    {
        var company = await platform.NewCompanyAsync();
        await using var api = await StartAsync();
        using var stream = await SseStream.OpenAsync(CreateClient(api, company.ApiKey), "/api/v1/events/stream", null, ct);
        var ended = stream.NextAsync(ct);

        await api.StopAsync(ct).WaitAsync(TimeSpan.FromSeconds(10), ct);

        Assert.Null(await ended);
    }

    /// <summary>A host of the Api in this process, with one connection string replaced.</summary>
    private Task<WebApplication> StartAsync(string? replaced = null, string? connectionString = null, params (string Name, string? Value)[] settings) =>
        platform.StartApiAsync(replaced is null ? settings : settings.Prepend(($"ConnectionStrings:{replaced}", connectionString)), ct: ct);

    private static HttpClient CreateClient(WebApplication api, string token) => api.CreateClient(token);
}
