using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Tests.Api;
using ArtifactPlatform.Tests.Ingest;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Hosting;

/// <summary>A platform of its own with two Apis and three workers.</summary>
public sealed class ReplicatedPlatform : IAsyncLifetime
{
    public const int Burst = 200;

    public Platform Platform { get; } = new(
        "replicas",
        ["API_REPLICAS=2", "WORKER_REPLICAS=3"],
        // Sources are held until every worker has its jobs. Redis decides on limits however busy the machine is.
        [("Ingest__IdleTimeout", "00:02:00"), ("RateLimits__RequestsPerSecond", "1"), ("RateLimits__Burst", $"{Burst}"), ("RateLimits__RedisTimeout", "00:00:10")]);

    public async ValueTask InitializeAsync() => await Platform.StartedAsync();

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}

/// <summary>Replicas act as one service. Each Api is asked at its own port, so that the test decides which one answers.</summary>
public sealed class ReplicaTests(ReplicatedPlatform fixture) : IClassFixture<ReplicatedPlatform>
{
    private const string Artifacts = "/api/v1/artifacts";
    private readonly Platform platform = fixture.Platform;
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public void Each_replica_is_a_process_of_its_own()
    {
        Assert.Equal((2, 3, 1), (platform.App.GetProcessIds("api").Distinct().Count(), platform.App.GetProcessIds("worker").Distinct().Count(), platform.App.GetProcessIds("web").Count));
        var urls = platform.App.GetProcessIds("api").Select(PlatformHost.OwnUrl).Append(platform.ApiUrl).ToList();
        Assert.Equal(urls.Count, urls.Distinct().Count());
    }

    [Fact]
    public async Task A_key_has_one_bucket_of_requests_at_both_Apis()
    {
        var company = await platform.NewCompanyAsync();
        using var first = Client(0, company.ApiKey);
        using var second = Client(1, company.ApiKey);

        var answers = new HttpStatusCode[3 * ReplicatedPlatform.Burst];
        await Parallel.ForAsync(0, answers.Length, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (i, token) =>
        {
            using var answer = await (i % 2 == 0 ? first : second).GetAsync(Artifacts, token);
            answers[i] = answer.StatusCode;
        });

        // Each has refused some; two buckets would have let 400 through.
        Assert.All(answers, status => Assert.Contains(status, new[] { HttpStatusCode.OK, HttpStatusCode.TooManyRequests }));
        Assert.InRange(answers.Count(status => status is HttpStatusCode.OK), ReplicatedPlatform.Burst, (2 * ReplicatedPlatform.Burst) - 1);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers.Where((_, i) => i % 2 == 0));
        Assert.Contains(HttpStatusCode.TooManyRequests, answers.Where((_, i) => i % 2 == 1));
    }

    [Fact]
    public async Task A_stream_at_one_Api_tells_what_happens_at_the_other()
    {
        var company = await platform.NewCompanyAsync();
        using var stream = await SseStream.OpenAsync(Client(0, company.ApiKey), "/api/v1/events/stream", null, ct);
        using var other = Client(1, company.ApiKey);

        using var created = await other.PostAsJsonAsync(Artifacts, new { name = "a.mp4", type = "video" }, ct);

        Assert.Equal(HttpStatusCode.OK, created.StatusCode);
        var message = Assert.Single(await stream.TakeAsync(1, ct));
        Assert.Equal("artifact.created", message.Data.Type);
    }

    [Fact]
    public async Task A_key_that_is_revoked_at_one_Api_is_refused_by_the_other_within_a_second()
    {
        var company = await platform.NewCompanyAsync();
        var key = await company.Client.CreateApiKeyAsync(new() { Name = "short-lived", Scopes = ["artifacts:read"] }, ct);
        using var owner = Client(0, company.ApiKey);
        using var holder = Client(1, key.Key);
        using var before = await holder.GetAsync(Artifacts, ct);
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        using var revoked = await owner.DeleteAsync($"/api/v1/api-keys/{key.Id}", ct);
        Assert.True(revoked.IsSuccessStatusCode, $"{revoked.StatusCode}");

        await Task.Delay(TimeSpan.FromSeconds(1), ct); // the promise
        using var after = await holder.GetAsync(Artifacts, ct);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task A_request_that_is_sent_to_both_Apis_at_once_is_carried_out_once()
    {
        var company = await platform.NewCompanyAsync();
        var key = $"once-{Guid.NewGuid():N}";

        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            using var client = Client(i % 2, company.ApiKey);
            using var request = new HttpRequestMessage(HttpMethod.Post, Artifacts) { Content = JsonContent.Create(new { name = "once.mp4", type = "video" }) };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await client.SendAsync(request, ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(ct)).GetProperty("artifactId").GetString();
        }));

        Assert.Single(ids.Distinct());
        await using var db = platform.Database();
        Assert.Equal(1, await db.Artifacts.CountAsync(artifact => artifact.CompanyId == company.CompanyId, ct));
    }

    [Fact]
    public async Task Three_workers_share_the_jobs()
    {
        const int jobsOfThree = 12; // Worker__Concurrency is 4.
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var release = new TaskCompletionSource();
        var content = WavFile.Of(20_000);
        var ids = new List<string>();
        for (var i = 0; i < jobsOfThree; i++)
        {
            var url = server.Add(async (context, _) =>
            {
                // A worker lends the slot of a job whose source has not begun to answer; this one keeps its slot.
                context.Response.ContentLength = content.Length;
                await context.Response.Body.WriteAsync(content.AsMemory(0, 1));
                await context.Response.Body.FlushAsync();
                await release.Task;
                await context.Response.Body.WriteAsync(content.AsMemory(1));
            });
            ids.Add((await UrlTests.CreateAsync(company, url, ArtifactType.Audio)).Id);
        }

        await using var db = platform.Database();
        var workers = await Eventually.GetAsync(
            async () => await db.Jobs.Where(job => ids.Contains(job.SubjectId) && job.Status == JobStatus.Running).Select(job => job.Worker).ToListAsync(ct) is { Count: jobsOfThree } all ? all : null,
            () => "all jobs to run at once");
        release.SetResult();

        Assert.Equal(3, workers.Distinct().Count());
        foreach (var id in ids)
        {
            await company.CompletedAsync(id);
        }
    }

    [Fact]
    public async Task A_worker_that_dies_is_restarted_and_one_that_a_person_stops_stays_stopped()
    {
        var workers = platform.App.GetInstances("worker");
        var (stopped, killed) = (workers[0], workers[1]);
        // It ignores SIGTERM and is killed: its exit code is that of a crash.
        RunningHost.Signal(stopped.Pid, "STOP");
        await platform.App.StopInstanceAsync(stopped.Id);
        try
        {
            Assert.Null(ProcessTable.Read(stopped.Pid));

            RunningHost.Signal(killed.Pid, "KILL");
            await RunsAgainAsync(killed);

            // Had it been taken for a crash, its restart would have come before the other's.
            Assert.DoesNotContain(platform.App.GetInstances("worker"), worker => worker.Id == stopped.Id && ProcessTable.Read(worker.Pid) is not null);
        }
        finally
        {
            await platform.App.StartInstanceAsync(stopped.Id);
        }

        await RunsAgainAsync(stopped);
    }

    private Task RunsAgainAsync((string Id, int Pid) before) => Eventually.TrueAsync(
        () => Task.FromResult(platform.App.GetInstances("worker").Any(worker => worker.Id == before.Id && worker.Pid != before.Pid && ProcessTable.Read(worker.Pid) is not null)),
        () => $"another process of {before.Id}\n{string.Join('\n', platform.App.GetLogs("worker").TakeLast(30))}");

    private HttpClient Client(int replica, string key) => new()
    {
        BaseAddress = PlatformHost.OwnUrl(platform.App.GetProcessIds("api")[replica]),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };
}
