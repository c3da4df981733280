using ArtifactPlatform.NativeHosting.Data;
using ArtifactPlatform.NativeHosting.Logs;
using ArtifactPlatform.NativeHosting.Processes;

namespace ArtifactPlatform.NativeHosting.Running;

/// <summary>One copy that runs in one data folder.</summary>
internal sealed class RunningPlatform : IAsyncDisposable
{
    private static readonly TimeSpan LeftoverGrace = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SayWhatIsMissingEvery = TimeSpan.FromSeconds(30);
    private readonly EngineContext _engine;
    private readonly StartOrder _order;
    private readonly ResourceNotificationService _notifications;
    private readonly Dictionary<Resource, ResourceDriver> _drivers;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lazy<Task> _stopping;

    private RunningPlatform(StartOrder order, EngineContext engine, ResourceNotificationService notifications)
    {
        _order = order;
        _engine = engine;
        _notifications = notifications;
        _drivers = order.Sorted.ToDictionary(
            resource => resource,
            resource => ChooseDriver.For(resource, isWaitedOut: order.Sorted.Any(other => other.Waits.Exists(wait => wait.Kind is WaitKind.Completion && wait.Dependency == resource)), engine));
        _stopping = new Lazy<Task>(StopOnceAsync);
    }

    public LogBook Logs => _engine.Logs;

    public IEnumerable<Resource> Extras => _drivers.Keys.Except(_order.Sorted);

    /// <summary>Ends when all is healthy; fails as soon as one cannot be.</summary>
    public Task AllStarted { get; private set; } = Task.CompletedTask;

    public static async Task<RunningPlatform> StartAsync(
        IReadOnlyList<Resource> resources,
        string dataRoot,
        IReadOnlyDictionary<string, string?> serviceEnvironment,
        ResourceNotificationService notifications,
        Func<string, LogBook> openLogs,
        CancellationToken ct)
    {
        var order = new StartOrder(resources);
        var data = DataFolder.Open(dataRoot);
        PortBlock? ports = null;
        try
        {
            var time = TimeProvider.System;
            await PidFile.WaitForLeftoversAsync(data.Run, LeftoverGrace, time, ct);
            AllocatePorts.CheckFixed(resources);
            ports = PortBlock.Claim(data.PathOf("ports.json"));
            AllocatePorts.For(order.Sorted, ports);
            (await DemoCredentials.FindAsync(resources, ct))?.Write(data.PathOf("credentials.txt"));
            var engine = new EngineContext(data, ports, new Launcher(data.Run), openLogs(data.Logs), serviceEnvironment, time);
            var platform = new RunningPlatform(order, engine, notifications);
            platform.AllStarted = platform.StartAllAsync();
            return platform;
        }
        catch
        {
            ports?.Dispose();
            data.Dispose();
            throw;
        }
    }

    public ResourceDriver DriverOf(string name) =>
        _drivers.FirstOrDefault(pair => pair.Key.Name == name).Value ?? throw new ArgumentException($"No resource '{name}' runs.");

    /// <summary>Starts one that was stopped, and returns when it is healthy.</summary>
    public Task StartAsync(string name, CancellationToken ct)
    {
        var resource = _drivers.Keys.First(resource => resource.Name == name);
        return StartOneAsync(resource, inOrder: false, ct);
    }

    public async Task StopAsync(string name)
    {
        await DriverOf(name).StopAsync();
        _notifications.Publish(name, KnownResourceStates.Exited);
    }

    /// <summary>Another instance of a service, with a port of its own, under the name it returns.</summary>
    public async Task<string> StartExtraAsync(ProjectResource original, CancellationToken ct)
    {
        var number = 2 + _drivers.Keys.Count(resource => resource.Name.StartsWith($"{original.Name}-", StringComparison.Ordinal));
        var extra = original.Copy($"{original.Name}-{number}");
        AllocatePorts.For([extra], _engine.Ports);
        _drivers.Add(extra, new ProjectDriver(extra, oneShot: false, _engine));
        await StartOneAsync(extra, inOrder: false, ct);
        return extra.Name;
    }

    /// <summary>Everything, what was started last first. Returns when all is gone.</summary>
    public Task StopAsync() => _stopping.Value;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task StartAllAsync()
    {
        var starting = _order.Sorted.Select(resource => StartOneAsync(resource, inOrder: true, _stop.Token)).ToList();
        var all = Task.WhenAll(starting);
        while (starting.Count > 0)
        {
            var done = await Task.WhenAny([.. starting, Task.Delay(SayWhatIsMissingEvery, _engine.Time, _stop.Token)]);
            if (starting.Remove(done))
            {
                await done; // the first that fails is the reason
            }
            else if (!_stop.IsCancellationRequested)
            {
                Logs.Say($"still starting: {string.Join(", ", _order.Sorted.Select(resource => resource.Name).Where(IsUnderWay))}");
            }
            else
            {
                break;
            }
        }

        await all;
    }

    private bool IsUnderWay(string name) =>
        _notifications.GetState(name) is KnownResourceStates.Waiting or KnownResourceStates.Starting or KnownResourceStates.RuntimeUnhealthy;

    /// <param name="inOrder">False when a person or a test wants it now, whatever the others are doing.</param>
    private async Task StartOneAsync(Resource resource, bool inOrder, CancellationToken ct)
    {
        var driver = _drivers[resource];
        driver.OnState = state => _notifications.Publish(resource.Name, state);
        driver.WaitForUsedAsync = token => Task.WhenAll(
            resource.Uses.Where(used => inOrder && used.Runs).Select(used => _notifications.WaitForResourceHealthyAsync(used.Name, token)));
        try
        {
            _notifications.Publish(resource.Name, KnownResourceStates.Waiting);
            await Task.WhenAll(resource.Waits.Where(_ => inOrder).Select(wait => _notifications.WaitForResourceAsync(
                wait.Dependency.Name, wait.Kind is WaitKind.Healthy ? KnownResourceStates.Running : KnownResourceStates.Finished, ct)));
            _notifications.Publish(resource.Name, KnownResourceStates.Starting);
            var began = _engine.Time.GetTimestamp();
            await driver.StartAsync(ct);
            Logs.Of(resource.Name).Say($"{(driver.IsOneShot ? "done" : "healthy")} after {_engine.Time.GetElapsedTime(began).TotalSeconds:0.0} s");
            _notifications.Publish(resource.Name, driver.IsOneShot ? KnownResourceStates.Finished : KnownResourceStates.Running);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _notifications.Publish(resource.Name, KnownResourceStates.FailedToStart, e.Message);
            throw;
        }
    }

    private async Task StopOnceAsync()
    {
        await _stop.CancelAsync();
        await AllStarted.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var stopped = new Dictionary<Resource, Task>();
        foreach (var extra in Extras.ToList())
        {
            await _drivers[extra].StopAsync();
        }

        foreach (var resource in _order.Sorted.Reverse())
        {
            stopped[resource] = StopOneAsync(resource, [.. _order.DependentsOf(resource).Select(dependent => stopped[dependent])]);
        }

        await Task.WhenAll(stopped.Values);
        _engine.Launcher.Dispose();
        _engine.Logs.Dispose();
        _engine.Ports.Dispose();
        _engine.Data.Dispose();
    }

    private async Task StopOneAsync(Resource resource, Task[] dependents)
    {
        await Task.WhenAll(dependents);
        await _drivers[resource].StopAsync();
        _notifications.Publish(resource.Name, KnownResourceStates.Exited);
    }
}
