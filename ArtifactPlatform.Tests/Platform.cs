using System.Net.Http.Headers;
using ArtifactPlatform.Client;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.NativeHosting.Testing;
using ArtifactPlatform.Tests;
using ArtifactPlatform.Tests.Telemetry;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

[assembly: AssemblyFixture(typeof(Platform))]

namespace ArtifactPlatform.Tests;

/// <summary>
/// The whole platform, started once for all tests through the host's own graph: real Postgres, Redis, S3 store, Api, Worker and Web.
/// Each test makes a company of its own and so sees nothing of the others.
/// </summary>
public sealed class Platform : IAsyncLifetime
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    private TestedApplication? app;
    private DbContextOptions<PlatformDb>? database;
    private HttpClient? http;

    public TestedApplication App => app ?? throw new InvalidOperationException("The platform has not started.");

    public Uri ApiUrl { get; private set; } = new("http://unset.invalid");

    public Uri WebUrl { get; private set; } = new("http://unset.invalid");

    public StoreAddress StoreAddress { get; private set; } = null!;

    /// <summary>Where the services send traces, metrics and logs.</summary>
    public OtlpCollector Telemetry { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        using var timeout = new CancellationTokenSource(StartTimeout);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ArtifactPlatform_AppHost>(timeout.Token);
        // Sources of the tests listen on 127.0.0.1; other forms of loopback stay forbidden.
        builder.ServiceEnvironment["Ingest__AllowedPrivateNetworks__0"] = "127.0.0.1/32";
        // Copies in parts begin at 5 MiB rather than 5 GiB, so that a test can reach them.
        builder.ServiceEnvironment["Storage__SingleCopyMaxBytes"] = "5242880";
        builder.ServiceEnvironment["Ingest__IdleTimeout"] = "00:00:03";
        builder.ServiceEnvironment["Worker__Lease"] = "00:00:04";
        builder.ServiceEnvironment["Webhooks__AllowedPrivateNetworks__0"] = "127.0.0.1/32";
        builder.ServiceEnvironment["Webhooks__Timeout"] = "00:00:04";
        Telemetry = await OtlpCollector.StartAsync();
        builder.ServiceEnvironment["OTEL_EXPORTER_OTLP_ENDPOINT"] = Telemetry.Endpoint;
        builder.ServiceEnvironment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        builder.ServiceEnvironment["OTEL_METRIC_EXPORT_INTERVAL"] = "15000";
        // The collector shares two cores with everything else: an export that it can't take in 10 s, the default, would be lost.
        builder.ServiceEnvironment["OTEL_EXPORTER_OTLP_TIMEOUT"] = "60000";
        builder.ServiceEnvironment["OTEL_BSP_EXPORT_TIMEOUT"] = "60000";
        // Only what a test asks for is traced.
        builder.ServiceEnvironment["OTEL_TRACES_SAMPLER"] = "parentbased_always_off";
        app = await builder.BuildAsync(timeout.Token);
        try
        {
            await app.StartAsync(timeout.Token);
            await app.WaitUntilReadyAsync(timeout.Token);
        }
        catch
        {
            await SaveLogsAsync();
            throw;
        }

        (ApiUrl, WebUrl) = (app.GetEndpoint("api"), app.GetEndpoint("web"));
        http = new HttpClient { BaseAddress = ApiUrl };
        database = new DbContextOptionsBuilder<PlatformDb>()
            .UseNpgsql(await app.GetConnectionStringAsync("artifactdb", timeout.Token))
            .UseSnakeCaseNamingConvention()
            .Options;
        StoreAddress = ParseStore(await app.GetConnectionStringAsync("objectstore", timeout.Token));
        Store = new ObjectStore(Options.Create(new StorageOptions { Address = StoreAddress }), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await SaveLogsAsync();
            await app.DisposeAsync();
        }

        if (Telemetry is not null)
        {
            await Telemetry.DisposeAsync();
        }

        http?.Dispose();
        Store?.Dispose();
    }

    public PlatformDb Database() => new(database ?? throw new InvalidOperationException("The platform has not started."));

    /// <summary>A plain HTTP client of the Api.</summary>
    /// <param name="token">Bearer token; null = none.</param>
    public HttpClient CreateClient(string? token = null)
    {
        var client = new HttpClient { BaseAddress = ApiUrl };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    /// <summary>A new company with an owner and an API key.</summary>
    /// <param name="scopes">The key's scopes; all when left out.</param>
    public async Task<TestCompany> NewCompanyAsync(params string[] scopes)
    {
        var now = TimeProvider.System.GetUtcNow();
        var company = new Company($"Company {Guid.NewGuid():N}", now);
        var user = new User(company.Id, $"{Guid.NewGuid():N}@example.com", "Test Owner", UserRole.Owner, now);
        var password = $"password-{Guid.NewGuid():N}";
        user.SetPasswordHash(new PasswordHasher<User>().HashPassword(user, password));
        var key = SecretToken.New(SecretToken.ApiKeyPrefix);
        var apiKey = new ApiKey(company.Id, user.Id, "tests", key, scopes is [] ? Scopes.All : scopes, now);
        await using var db = Database();
        db.AddRange(company, user, apiKey);
        await db.SaveChangesAsync();
        return new TestCompany(this, company.Id, user.Id, user.Email, password, apiKey.Id, key, new PlatformClient(http!, key));
    }

    /// <summary>The platform's store, as the platform itself sees it.</summary>
    public ObjectStore Store { get; private set; } = null!;

    /// <summary>Keys of the platform's bucket below a prefix.</summary>
    public async Task<IReadOnlyList<string>> ObjectsAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var key in Store.ListAsync(prefix, CancellationToken.None))
        {
            keys.Add(key);
        }

        return keys;
    }

    /// <summary>What Api, Worker and Web last wrote, where it has <paramref name="part"/> in it: for the message of a failed test.</summary>
    public string LogsAbout(string part) => string.Join(
        Environment.NewLine,
        new[] { "api", "worker", "web" }.SelectMany(name => App.GetLogs(name).Where(line => line.Contains(part, StringComparison.Ordinal) && !IsPoll(line)).TakeLast(40).Select(line => $"{name}: {line}")));

    /// <summary>A test that waits asks twenty times a second.</summary>
    private static bool IsPoll(string line) => line.Contains(" GET ", StringComparison.Ordinal) && line.Contains(" 200 ok ", StringComparison.Ordinal);

    private static StoreAddress ParseStore(string? connectionString) =>
        StoreAddress.From(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:objectstore", connectionString)]).Build());

    private async Task SaveLogsAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "logs"));
        foreach (var name in new[] { "migrate", "api", "worker", "web", "postgres", "redis", "minio" })
        {
            await File.WriteAllLinesAsync(Path.Combine(folder.FullName, $"{name}.log"), App.GetLogs(name));
        }
    }
}

/// <summary>A company that one test has to itself.</summary>
public sealed record TestCompany(Platform Platform, string CompanyId, string UserId, string Email, string Password, string ApiKeyId, string ApiKey, PlatformClient Client)
{
    /// <summary>A plain HTTP client with the company's key.</summary>
    public HttpClient CreateHttp() => Platform.CreateClient(ApiKey);
}
