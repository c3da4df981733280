using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ArtifactPlatform.Tests.Api;

namespace ArtifactPlatform.Tests.Requests;

/// <summary>How many requests a caller may make, on replicas of the Api with tight limits.</summary>
public sealed class RateLimitTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private const string Path = "/api/v1/artifacts";
    private const int Burst = 5;

    private static readonly (string, string?)[] Tight =
    [
        ("RateLimits:RequestsPerSecond", "1"), ("RateLimits:Burst", "5"), ("RateLimits:AnonymousRequestsPerSecond", "1"), ("RateLimits:AnonymousBurst", "5"),
        // However busy the machine is, Redis is asked.
        ("RateLimits:RedisTimeout", "00:00:10"),
    ];

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_limit_of_a_key_holds_over_all_replicas()
    {
        var company = await platform.NewCompanyAsync();
        var colleague = await company.Client.CreateApiKeyAsync(new() { Name = "b", Scopes = ["artifacts:read"] }, ct);
        await using var one = await platform.StartApiAsync(Tight, ct: ct);
        await using var two = await platform.StartApiAsync(Tight, ct: ct);
        using var first = one.CreateClient(company.ApiKey);
        using var second = two.CreateClient(company.ApiKey);
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? first : second).GetAsync(Path, ct)));
        var most = Burst + (int)watch.Elapsed.TotalSeconds + 1;

        // Two buckets would let twice as many through.
        Assert.InRange(answers.Count(a => a.IsSuccessStatusCode), Burst, most);
        var refused = answers.First(a => !a.IsSuccessStatusCode);
        var error = await refused.ErrorAsync(HttpStatusCode.TooManyRequests, ct);
        Assert.Equal(("rate_limit_error", "rate_limited"), (error.Type, error.Code));
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(("5", "0"), (Header(refused, "RateLimit-Limit"), Header(refused, "RateLimit-Remaining")));
        Assert.InRange(int.Parse(Header(refused, "RateLimit-Reset"), CultureInfo.InvariantCulture), 4, 5);

        // Others are not in its way, and it gets on by itself.
        using var other = one.CreateClient(colleague.Key);
        using var granted = await other.GetAsync(Path, ct);
        Assert.Equal((HttpStatusCode.OK, "4"), (granted.StatusCode, Header(granted, "RateLimit-Remaining")));
        await Eventually.TrueAsync(async () => (await first.GetAsync(Path, ct)).IsSuccessStatusCode, () => "the bucket to fill");
    }

    [Fact]
    public async Task Health_and_playback_are_not_counted()
    {
        await using var api = await platform.StartApiAsync([.. Tight, Away], ct: ct);
        using var http = api.CreateClient();
        for (var i = 0; i < 2 * Burst; i++)
        {
            using var alive = await http.GetAsync("/alive", ct);
            using var play = await http.GetAsync("/play/none/master.m3u8", ct);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (alive.StatusCode, play.StatusCode));
            Assert.False(alive.Headers.Contains("RateLimit-Limit") || play.Headers.Contains("RateLimit-Limit"));
        }
    }

    [Fact]
    public async Task Every_answer_says_what_is_left()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var nobody = platform.CreateClient("ak_live_nonsense");
        using var found = await http.GetAsync(Path, ct);
        using var none = await http.GetAsync("/api/v1/artifacts/none", ct);
        using var unreadable = await http.SendAsync("POST", Path, "{", ct);
        using var unknown = await nobody.GetAsync(Path, ct);

        foreach (var (answer, status) in new[] { (found, 200), (none, 404), (unreadable, 400), (unknown, 401) })
        {
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal("1000", Header(answer, "RateLimit-Limit"));
            Assert.InRange(int.Parse(Header(answer, "RateLimit-Remaining"), CultureInfo.InvariantCulture), 0, 999);
            Assert.NotEmpty(Header(answer, "RateLimit-Reset"));
        }
    }

    /// <summary>Nothing listens at port 1; the other place takes connections and never answers.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_redis_each_replica_keeps_the_limit_itself(bool frozen)
    {
        var company = await platform.NewCompanyAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var api = await platform.StartApiAsync([.. Tight, ("RateLimits:RedisTimeout", "00:00:00.2"), frozen ? ("ConnectionStrings:redis", $"{listener.LocalEndpoint}") : Away], ct: ct);
        using var known = api.CreateClient(company.ApiKey);
        using var anonymous = api.CreateClient();
        foreach (var http in new[] { known, anonymous })
        {
            var watch = Stopwatch.StartNew();
            var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => http.GetAsync(Path, ct)));
            var most = Burst + (int)watch.Elapsed.TotalSeconds + 1;

            Assert.InRange(answers.Count(a => a.StatusCode != HttpStatusCode.TooManyRequests), Burst, most);
            Assert.All(answers, answer => Assert.Equal("5", Header(answer, "RateLimit-Limit")));
        }
    }

    private static (string, string?) Away => ("ConnectionStrings:redis", "127.0.0.1:1,connectTimeout=200");

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
