using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ArtifactPlatform.AppHost.Hosting;
using ArtifactPlatform.AppHost.Hosting.Native;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArtifactPlatform.Tests;

/// <summary>The AppHost as a test runs it: its processes, their logs and their settings. No other test file knows how the platform is hosted.</summary>
public sealed class PlatformHost : IAsyncDisposable
{
    private const int LastBytes = 1 << 20;
    private const int LastLines = 2_000;

    /// <summary>DCP kills after 6 s what does not end; the rest is for a busy machine.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(2);

    private readonly DistributedApplication app;
    private readonly List<Process> extras = [];

    private PlatformHost(DistributedApplication app, string dataFolder) => (this.app, DataFolder) = (app, dataFolder);

    /// <summary>Everything that writes a log.</summary>
    public static IReadOnlyList<string> ResourceNames { get; } = ["migrate", "api", "worker", "web", "postgres", "redis", "minio"];

    /// <summary>The dashboard's built program.</summary>
    public static string WebAssemblyPath => PlatformSettingsExtensions.BuiltProgram(new Projects.ArtifactPlatform_Web().ProjectPath) + ".dll";

    /// <summary>The platform's <c>DATA_DIR</c>; removed on disposal.</summary>
    public string DataFolder { get; }

    private RunningResources Running => app.Services.GetRequiredService<RunningResources>();

    /// <param name="environment">Variables that every service gets in addition to those of the graph.</param>
    /// <param name="settings">Settings of the host itself, as <c>WORKER_REPLICAS=3</c>.</param>
    public static async Task<PlatformHost> CreateAsync(IEnumerable<(string Name, string Value)> environment, CancellationToken ct, params string[] settings)
    {
        var dataFolder = Path.Combine(Path.GetTempPath(), $"ap-test-{Guid.NewGuid():N}"[..20]);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ArtifactPlatform_AppHost>(
            [$"DATA_DIR={dataFolder}", "API_PORT=0", "WEB_PORT=0", "STORES=native", .. settings], ct);
        // The logs are in files; Aspire would show them all in the test run's output.
        builder.Services.AddLogging(logging => logging.ClearProviders());
        foreach (var service in builder.Resources.OfType<ProjectResource>())
        {
            service.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
            {
                foreach (var (name, value) in environment)
                {
                    context.EnvironmentVariables[name] = value;
                }
            }));
        }

        return new(await builder.BuildAsync(ct), dataFolder);
    }

    /// <summary>Starts every resource and waits until all are healthy; throws as soon as one can't start.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await app.StartAsync(ct);
        await app.Services.GetRequiredService<Supervisor>().WhenReady.WaitAsync(ct);
    }

    /// <param name="service"><c>api</c>, <c>worker</c> or <c>web</c>.</param>
    public Uri GetEndpoint(string service) => app.GetEndpoint(service, "http");

    /// <param name="store"><c>artifactdb</c>, <c>redis</c>, <c>objectstore</c>, or <c>postgres</c> for its superuser.</param>
    public ValueTask<string?> GetConnectionStringAsync(string store, CancellationToken ct) => app.GetConnectionStringAsync(store, ct);

    /// <summary>A variable of a service, as the graph sets it.</summary>
    public ValueTask<string?> GetEnvironmentAsync(string service, string variable, CancellationToken ct) => new(Running.EnvironmentOf(service).GetValueOrDefault(variable));

    /// <summary>The last 2,000 lines of a resource, oldest first.</summary>
    public IReadOnlyList<string> GetLogs(string resource)
    {
        var file = new FileInfo(Path.Combine(DataFolder, "logs", $"{resource}.log"));
        if (!file.Exists)
        {
            return [];
        }

        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(Math.Max(0, stream.Length - LastBytes), SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').TakeLast(LastLines)];
    }

    /// <summary>Stops a resource; it stays down until it is started.</summary>
    public async Task StopResourceAsync(string resource)
    {
        if (extras.Find(extra => Name(extra) == resource) is { } process)
        {
            await SignalAsync(process.Id, "TERM");
            await process.WaitForExitAsync();
            return;
        }

        await app.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand);
        await app.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates);
    }

    /// <summary>Starts a stopped resource and waits until it is healthy.</summary>
    public async Task StartResourceAsync(string resource, CancellationToken ct)
    {
        await app.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, ct);
        await WaitUntilHealthyAsync(resource, ct);
    }

    /// <summary>Stops one replica, as the Aspire dashboard does.</summary>
    /// <param name="id">Of <see cref="GetInstances"/>.</param>
    public async Task StopInstanceAsync(string id)
    {
        await ExecuteAsync(id, KnownResourceCommands.StopCommand);
        using var limit = new CancellationTokenSource(StopLimit);
        while (Running.IsAlive(id))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
        }
    }

    /// <summary>Starts one replica that was stopped, as the Aspire dashboard does.</summary>
    public Task StartInstanceAsync(string id) => ExecuteAsync(id, KnownResourceCommands.StartCommand);

    /// <summary>Waits until a resource is healthy, as after a restart.</summary>
    public Task WaitUntilHealthyAsync(string resource, CancellationToken ct) => app.ResourceNotifications.WaitForResourceHealthyAsync(resource, ct);

    /// <summary>Runs another instance of a service, with the settings of the first, and waits until it is healthy.</summary>
    /// <returns>Its name, for <see cref="StopResourceAsync"/>.</returns>
    public async Task<string> StartExtraInstanceAsync(string service, CancellationToken ct)
    {
        var program = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.First(resource => resource.Name == service).Annotations.OfType<ExecutableAnnotation>().Last();
        var url = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$0\" > \"$1\" 2>&1", program.Command, Path.Combine(DataFolder, "logs", $"{service}-{extras.Count + 2}.log")]);
        foreach (var (name, value) in Running.EnvironmentOf(service))
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = url;
        extras.Add(Process.Start(start) ?? throw new InvalidOperationException($"{program.Command} did not start."));
        using var http = new HttpClient();
        while (!await AnswersAsync(http, new Uri($"{url}/health"), ct))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }

        return Name(extras[^1]);
    }

    /// <summary><c>SIGKILL</c>; the host restarts the resource.</summary>
    public Task KillResourceAsync(string resource) => SignalAsync(GetProcessId(resource), "KILL");

    /// <summary><c>SIGSTOP</c>: connections stay open, and nothing answers.</summary>
    public Task FreezeResourceAsync(string resource) => SignalAsync(GetProcessId(resource), "STOP");

    /// <summary><c>SIGCONT</c></summary>
    public Task ThawResourceAsync(string resource) => SignalAsync(GetProcessId(resource), "CONT");

    /// <summary>The process of a resource that has no replicas.</summary>
    public int GetProcessId(string resource) => GetProcessIds(resource)[0];

    /// <summary>The processes of a resource, one for each replica.</summary>
    public IReadOnlyList<int> GetProcessIds(string resource) => [.. GetInstances(resource).Select(instance => instance.Pid)];

    /// <summary>The replicas of a resource: Aspire's name for each, and its process.</summary>
    public IReadOnlyList<(string Id, int Pid)> GetInstances(string resource) =>
    [
        .. Running.InstancesOf(resource).Select(instance => (instance.ResourceId, Convert.ToInt32(
            instance.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value, CultureInfo.InvariantCulture))),
    ];

    /// <summary>Where one process of a service listens itself, behind the proxy that its replicas share (proc(5), /proc/pid/environ).</summary>
    public static Uri OwnUrl(int pid) =>
        new(File.ReadAllText($"/proc/{pid}/environ").Split('\0').First(variable => variable.StartsWith("ASPNETCORE_URLS=", StringComparison.Ordinal))["ASPNETCORE_URLS=".Length..]);

    public async ValueTask DisposeAsync()
    {
        foreach (var extra in extras)
        {
            extra.Kill();
            extra.Dispose();
        }

        await app.DisposeAsync();
        Leftovers.WaitUntilGone(DataFolder);
        RemoveCephsFolder(DataFolder);
        if (Directory.Exists(DataFolder))
        {
            Directory.Delete(DataFolder, recursive: true);
        }
    }

    /// <summary>The store's folder outside the data folder, which is removed with it.</summary>
    public static void RemoveCephsFolder(string data)
    {
        if (new CephCluster(Path.Combine(data, "minio"), 0, 0, default).Short is var place && Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
        }
    }

    /// <summary>Runs a command of a resource with arguments, as the Aspire dashboard does.</summary>
    /// <returns>Whether it succeeded, and what it printed.</returns>
    public async Task<(bool Succeeded, string Output)> RunCommandAsync(string resource, string command, params IEnumerable<(string Name, string Value)> arguments)
    {
        var inputs = arguments.Select(argument => new InteractionInput { Name = argument.Name, Value = argument.Value, InputType = InputType.Text }).ToList();
        var result = await app.ResourceCommands.ExecuteCommandAsync(resource, command, new InteractionInputCollection(inputs));
        return (result.Success, result.Data?.Value ?? result.Message ?? "");
    }

    private async Task ExecuteAsync(string id, string command)
    {
        var result = await app.ResourceCommands.ExecuteCommandAsync(id, command);
        if (!result.Success)
        {
            throw new InvalidOperationException($"{command} {id}: {result.Message}");
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri url, CancellationToken ct)
    {
        try
        {
            using var response = await http.GetAsync(url, ct);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Name(Process process) => $"pid {process.Id}";

    private static async Task SignalAsync(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        await kill.WaitForExitAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
