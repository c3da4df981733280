using System.Net;
using ArtifactPlatform.NativeHosting;
using ArtifactPlatform.NativeHosting.Testing;
using Xunit;

namespace ArtifactPlatform.Tests.NativeHosting;

/// <summary>The platform as other tests start it.</summary>
public sealed class TestedPlatformTests
{
    [Fact]
    public async Task A_tested_platform_runs_heals_and_leaves_nothing_behind()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var ct = limit.Token;
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ArtifactPlatform_AppHost>(ct);
        builder.ServiceEnvironment["Worker__Concurrency"] = "1";
        var app = await builder.BuildAsync(ct);
        await using (app)
        {
            await app.StartAsync(ct);
            await app.WaitUntilReadyAsync(ct);

            await Every_service_answers(app, ct);
            await A_killed_service_comes_back(app, ct);
            await A_stopped_store_stays_down_until_it_is_started(app, ct);
            await An_extra_worker_has_a_port_of_its_own(app, ct);
        }

        Assert.False(Directory.Exists(app.DataFolder));
        Assert.Empty(RunningHost.ProcessesNaming(app.DataFolder));
    }

    private static async Task Every_service_answers(TestedApplication app, CancellationToken ct)
    {
        foreach (var service in new[] { "api", "worker", "web" })
        {
            using var client = app.CreateHttpClient(service);
            using var response = await client.GetAsync(new Uri("/health", UriKind.Relative), ct);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.StartsWith("Host=127.0.0.1;Port=", await app.GetConnectionStringAsync("artifactdb", ct));
        Assert.StartsWith("ak_live_", await app.GetEnvironmentAsync("migrate", "Demo__ApiKey", ct));
        Assert.NotEmpty(app.GetLogs("postgres"));
    }

    private static async Task A_killed_service_comes_back(TestedApplication app, CancellationToken ct)
    {
        var before = Assert.Single(app.GetProcessIds("worker"));
        app.KillResource("worker");
        await app.ResourceNotifications.WaitForResourceAsync("worker", KnownResourceStates.RuntimeUnhealthy, ct);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("worker", ct);

        Assert.NotEqual(before, Assert.Single(app.GetProcessIds("worker")));
        Assert.Contains(app.GetLogs("worker"), line => line.Contains("ended unexpectedly with exit code 137", StringComparison.Ordinal));
    }

    private static async Task A_stopped_store_stays_down_until_it_is_started(TestedApplication app, CancellationToken ct)
    {
        await app.StopResourceAsync("redis");
        Assert.Equal(KnownResourceStates.Exited, app.ResourceNotifications.GetState("redis"));
        Assert.Empty(app.GetProcessIds("redis"));

        await app.StartResourceAsync("redis", ct);
        Assert.Single(app.GetProcessIds("redis"));
    }

    private static async Task An_extra_worker_has_a_port_of_its_own(TestedApplication app, CancellationToken ct)
    {
        var extra = await app.StartExtraInstanceAsync("worker", ct);

        Assert.Equal("worker-2", extra);
        Assert.NotEqual(app.GetEndpoint("worker"), app.GetEndpoint(extra));
    }
}
