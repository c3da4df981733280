using ArtifactPlatform.NativeHosting.Testing;

namespace ArtifactPlatform.Tests;

/// <summary>The AppHost as a test runs it: its processes, their logs and their settings. No other test file knows how the platform is hosted.</summary>
public sealed class PlatformHost : IAsyncDisposable
{
    private readonly TestedApplication app;

    private PlatformHost(TestedApplication app) => this.app = app;

    /// <summary>Everything that writes a log.</summary>
    public static IReadOnlyList<string> ResourceNames { get; } = ["migrate", "api", "worker", "web", "postgres", "redis", "minio"];

    /// <summary>The dashboard's built program.</summary>
    public static string WebAssemblyPath => new Projects.ArtifactPlatform_Web().TargetPath;

    /// <summary>The platform's <c>DATA_DIR</c>; removed on disposal.</summary>
    public string DataFolder => app.DataFolder;

    /// <param name="environment">Variables that every service gets in addition to those of the graph.</param>
    public static async Task<PlatformHost> CreateAsync(IEnumerable<(string Name, string Value)> environment, CancellationToken ct)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ArtifactPlatform_AppHost>(ct);
        foreach (var (name, value) in environment)
        {
            builder.ServiceEnvironment[name] = value;
        }

        return new(await builder.BuildAsync(ct));
    }

    /// <summary>Starts every resource and waits until all are healthy; throws as soon as one can't start.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await app.StartAsync(ct);
        await app.WaitUntilReadyAsync(ct);
    }

    /// <param name="service"><c>api</c>, <c>worker</c> or <c>web</c>.</param>
    public Uri GetEndpoint(string service) => app.GetEndpoint(service);

    /// <param name="store"><c>artifactdb</c>, <c>redis</c> or <c>objectstore</c>.</param>
    public ValueTask<string?> GetConnectionStringAsync(string store, CancellationToken ct) => app.GetConnectionStringAsync(store, ct);

    /// <summary>A variable of a service, as the graph sets it.</summary>
    public ValueTask<string?> GetEnvironmentAsync(string service, string variable, CancellationToken ct) => app.GetEnvironmentAsync(service, variable, ct);

    /// <summary>The last 2,000 lines of a resource, oldest first.</summary>
    public IReadOnlyList<string> GetLogs(string resource) => app.GetLogs(resource);

    /// <summary>Stops a resource; it stays down until it is started.</summary>
    public Task StopResourceAsync(string resource) => app.StopResourceAsync(resource);

    /// <summary>Starts a stopped resource and waits until it is healthy.</summary>
    public Task StartResourceAsync(string resource, CancellationToken ct) => app.StartResourceAsync(resource, ct);

    /// <summary>Starts another instance of a service and waits until it is healthy.</summary>
    /// <returns>The instance's own resource name.</returns>
    public Task<string> StartExtraInstanceAsync(string service, CancellationToken ct) => app.StartExtraInstanceAsync(service, ct);

    /// <summary><c>SIGKILL</c>; the host restarts the resource.</summary>
    public void KillResource(string resource) => app.KillResource(resource);

    /// <summary><c>SIGSTOP</c>: connections stay open, and nothing answers.</summary>
    public void FreezeResource(string resource) => app.FreezeResource(resource);

    /// <summary><c>SIGCONT</c></summary>
    public void ThawResource(string resource) => app.ThawResource(resource);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
