using ArtifactPlatform.NativeHosting.Processes;

namespace ArtifactPlatform.NativeHosting.Testing;

/// <summary>The platform under a test: everything real, on ports and in a folder of its own. Disposing stops it and removes the folder.</summary>
public sealed class TestedApplication : IAsyncDisposable
{
    private readonly DistributedApplication _application;
    private readonly TestDataFolder _data;

    internal TestedApplication(DistributedApplication application, TestDataFolder data)
    {
        _application = application;
        _data = data;
    }

    public ResourceNotificationService ResourceNotifications => _application.ResourceNotifications;

    public string DataFolder => _application.DataRoot;

    public Task StartAsync(CancellationToken cancellationToken = default) => _application.StartAsync(cancellationToken);

    /// <summary>Ends when every resource is healthy; fails as soon as one cannot start.</summary>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => _application.Running.AllStarted.WaitAsync(cancellationToken);

    public Uri GetEndpoint(string resourceName, string? endpointName = null)
    {
        var resource = Find(resourceName);
        return new Uri(new EndpointReference(resource, endpointName ?? resource.Endpoints[0].Name).Url);
    }

    public HttpClient CreateHttpClient(string resourceName, string? endpointName = null) =>
        new() { BaseAddress = GetEndpoint(resourceName, endpointName) };

    public ValueTask<string?> GetConnectionStringAsync(string resourceName, CancellationToken cancellationToken = default) =>
        Find(resourceName) is IResourceWithConnectionString resource
            ? resource.GetValueAsync(cancellationToken)
            : throw new ArgumentException($"'{resourceName}' has no connection string.");

    /// <summary>The value of a parameter of the graph, such as <c>demo-password</c>.</summary>
    public ValueTask<string?> GetParameterAsync(string name, CancellationToken cancellationToken = default) =>
        Find(name) is ParameterResource parameter
            ? parameter.GetValueAsync(cancellationToken)
            : throw new ArgumentException($"'{name}' is no parameter.");

    /// <summary>What the graph gives a service under that name, such as <c>Demo__ApiKey</c> of <c>migrate</c>.</summary>
    public ValueTask<string?> GetEnvironmentAsync(string resourceName, string variable, CancellationToken cancellationToken = default) =>
        Find(resourceName).Environment.Last(entry => entry.Key == variable).Value.GetValueAsync(cancellationToken);

    /// <summary>The last 2,000 lines that a resource has written, oldest first.</summary>
    public IReadOnlyList<string> GetLogs(string resourceName) => _application.Running.Logs.Of(resourceName).Lines;

    /// <summary>Stops one in good order; it stays down until it is started.</summary>
    public Task StopResourceAsync(string resourceName) => _application.Running.StopAsync(resourceName);

    /// <summary>Starts one that was stopped; ends when it is healthy.</summary>
    public Task StartResourceAsync(string resourceName, CancellationToken cancellationToken) =>
        _application.Running.StartAsync(resourceName, cancellationToken);

    /// <summary>Another instance of a service; ends when it is healthy, with the name to use for it in all these calls.</summary>
    public Task<string> StartExtraInstanceAsync(string resourceName, CancellationToken cancellationToken) =>
        _application.Running.StartExtraAsync((ProjectResource)Find(resourceName), cancellationToken);

    /// <summary>kill -9, of all its processes or the named one of them (<c>ceph-osd</c>). The engine will start it again.</summary>
    public void KillResource(string resourceName, string? processName = null) => Send(resourceName, processName, Signal.Kill);

    /// <summary>SIGSTOP: its connections stay open, and nothing answers.</summary>
    public void FreezeResource(string resourceName) => Send(resourceName, processName: null, Signal.Stop);

    public void ThawResource(string resourceName) => Send(resourceName, processName: null, Signal.Continue);

    /// <summary>The pids of what runs for it, in the order they were started.</summary>
    public IReadOnlyList<int> GetProcessIds(string resourceName) =>
        [.. _application.Running.DriverOf(resourceName).Processes.Select(process => process.Pid).OfType<int>()];

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _data.Delete();
    }

    private Resource Find(string name) => _application.Find(name);

    private void Send(string resourceName, string? processName, Signal signal)
    {
        foreach (var process in _application.Running.DriverOf(resourceName).Processes.Where(process => processName is null || process.Name == processName))
        {
            process.SendToTree(signal);
        }
    }
}
