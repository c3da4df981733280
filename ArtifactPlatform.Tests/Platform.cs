using System.Net.Http.Headers;
using ArtifactPlatform.Client;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Tests;
using ArtifactPlatform.Tests.Telemetry;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

[assembly: AssemblyFixture(typeof(Platform))]

namespace ArtifactPlatform.Tests;

/// <summary>
/// The whole platform on real Postgres, Redis and S3, shared by all tests. It starts when the first test class with <see cref="StartedPlatform"/>
/// runs. Each test creates its own company and sees only that company's data.
/// </summary>
public sealed class Platform : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    /// <summary>Lines of each resource that the error of a failed start quotes.</summary>
    private const int QuotedLines = 10;

    private static readonly (string Name, string Value)[] Settings =
    [
        // Sources of the tests listen on 127.0.0.1; other forms of loopback stay forbidden.
        ("Ingest__AllowedPrivateNetworks__0", "127.0.0.1/32"),
        // Copies in parts begin at 5 MiB rather than 5 GiB, so that a test can reach them.
        ("Storage__SingleCopyMaxBytes", "5242880"),
        ("Ingest__IdleTimeout", "00:00:03"),
        ("Worker__Lease", "00:00:04"),
        ("Webhooks__AllowedPrivateNetworks__0", "127.0.0.1/32"),
        ("Webhooks__Timeout", "00:00:04"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "15000"),
        // The default of 10 s loses exports when the collector shares two cores with everything else.
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "60000"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "60000"),
        // Only what a test asks for is traced.
        ("OTEL_TRACES_SAMPLER", "parentbased_always_off"),
    ];

    private readonly string logFolder;
    private readonly string[] hostSettings;
    private readonly (string Name, string Value)[] environment;
    private readonly Lazy<Task> started;
    private PlatformHost? app;
    private DbContextOptions<PlatformDb>? database;
    private HttpClient? http;

    public Platform()
        : this("shared")
    {
    }

    /// <param name="name">Folder of its logs in <c>TestResults/logs</c>.</param>
    /// <param name="hostSettings">Settings of the host, as <c>WORKER_REPLICAS=3</c>.</param>
    /// <param name="environment">Variables of every service that win over those of all tests.</param>
    internal Platform(string name, string[]? hostSettings = null, (string Name, string Value)[]? environment = null)
    {
        (this.hostSettings, this.environment) = (hostSettings ?? [], environment ?? []);
        logFolder = Path.Combine(AppContext.BaseDirectory, "TestResults", "logs", name);
        // On the thread pool: the start outlives the test class that asks first, and uses none of its context.
        started = new(() => Task.Run(StartAsync));
    }

    public PlatformHost App => app ?? throw NotStarted();

    public Uri ApiUrl { get; private set; } = new("http://unset.invalid");

    public Uri WebUrl { get; private set; } = new("http://unset.invalid");

    public StoreAddress StoreAddress { get; private set; } = null!;

    /// <summary>Where the services send traces, metrics and logs.</summary>
    public OtlpCollector Telemetry { get; private set; } = null!;

    /// <summary>Starts the platform on the first call; later calls wait for that start, or fail as it failed.</summary>
    public Task StartedAsync() => started.Value;

    public async ValueTask DisposeAsync()
    {
        if (!started.IsValueCreated)
        {
            return;
        }

        await started.Value.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (app is not null)
        {
            await SaveLogsAsync(app);
            await app.DisposeAsync();
        }

        if (Telemetry is not null)
        {
            await Telemetry.DisposeAsync();
        }

        http?.Dispose();
        Store?.Dispose();
    }

    public PlatformDb Database() => new(database ?? throw NotStarted());

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

    private async Task StartAsync()
    {
        using var timeout = new CancellationTokenSource(StartTimeout);
        try
        {
            Telemetry = await OtlpCollector.StartAsync();
            app = await PlatformHost.CreateAsync([.. Settings, ("OTEL_EXPORTER_OTLP_ENDPOINT", Telemetry.Endpoint), .. environment], timeout.Token, hostSettings);
            await app.StartAsync(timeout.Token).WaitAsync(timeout.Token);
            await ConnectAsync(app, timeout.Token);
        }
        catch (Exception e)
        {
            var reason = timeout.IsCancellationRequested ? $"not ready after {StartTimeout.TotalMinutes:0} minutes" : e.Message;
            throw new InvalidOperationException($"The platform did not start: {reason}\n{LastLines()}", e);
        }
    }

    private async Task ConnectAsync(PlatformHost host, CancellationToken ct)
    {
        (ApiUrl, WebUrl) = (host.GetEndpoint("api"), host.GetEndpoint("web"));
        http = new HttpClient { BaseAddress = ApiUrl };
        database = new DbContextOptionsBuilder<PlatformDb>()
            // As superuser: tests move the clock of rows that triggers guard.
            .UseNpgsql($"{await host.GetConnectionStringAsync("postgres", ct)};Database=artifacts")
            .UseSnakeCaseNamingConvention()
            .Options;
        StoreAddress = ParseStore(await host.GetConnectionStringAsync("objectstore", ct));
        Store = new ObjectStore(Options.Create(new StorageOptions { Address = StoreAddress }), TimeProvider.System);
    }

    private static InvalidOperationException NotStarted() =>
        new($"The platform has not started: the test class lacks IClassFixture<{nameof(StartedPlatform)}>.");

    private string LastLines() => app is null
        ? ""
        : string.Join('\n', PlatformHost.ResourceNames.SelectMany(name => app.GetLogs(name).TakeLast(QuotedLines).Select(line => $"{name}: {line}")));

    private async Task SaveLogsAsync(PlatformHost host)
    {
        Directory.CreateDirectory(logFolder);
        foreach (var name in PlatformHost.ResourceNames)
        {
            await File.WriteAllLinesAsync(Path.Combine(logFolder, $"{name}.log"), host.GetLogs(name));
        }
    }
}

/// <summary>
/// Class fixture of every test class that takes the <see cref="Platform"/>: the first one starts it. If the start fails, each test of these classes
/// fails with its error.
/// </summary>
public sealed class StartedPlatform(Platform platform) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await platform.StartedAsync();

    /// <summary>The platform is disposed as an assembly fixture, after the last test.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A company that one test has to itself.</summary>
public sealed record TestCompany(Platform Platform, string CompanyId, string UserId, string Email, string Password, string ApiKeyId, string ApiKey, PlatformClient Client)
{
    /// <summary>A plain HTTP client with the company's key.</summary>
    public HttpClient CreateHttp() => Platform.CreateClient(ApiKey);
}
