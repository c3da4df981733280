using System.Runtime.InteropServices;
using ArtifactPlatform.NativeHosting.Data;
using ArtifactPlatform.NativeHosting.Logs;
using ArtifactPlatform.NativeHosting.Processes;
using ArtifactPlatform.NativeHosting.Running;
using ArtifactPlatform.NativeHosting.Testing;

namespace ArtifactPlatform.NativeHosting;

/// <summary>The platform as described: starts it, says when it is ready, stops it.</summary>
public sealed class DistributedApplication : IAsyncDisposable
{
    private readonly DistributedApplicationBuilder _builder;
    private readonly ConsoleWriter? _console;
    private RunningPlatform? _running;

    internal DistributedApplication(DistributedApplicationBuilder builder, bool showLogs)
    {
        _builder = builder;
        _console = showLogs ? new ConsoleWriter(Console.Out) : null;
    }

    public ResourceNotificationService ResourceNotifications { get; } = new();

    internal IReadOnlyList<Resource> Resources => _builder.Described;

    internal string DataRoot => _builder.DataRoot;

    internal RunningPlatform Running => _running ?? throw new InvalidOperationException("The platform has not been started.");

    /// <summary>One of the graph, or an extra instance of one.</summary>
    internal Resource Find(string name) =>
        Resources.Concat(_running?.Extras ?? []).FirstOrDefault(resource => resource.Name == name)
        ?? throw new ArgumentException($"There is no resource '{name}'.");

    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        if (TestingHook.Current is null)
        {
            Signals.HeedInterrupt();
            if (CheckSettings.FindProblem(Environment.GetEnvironmentVariables()) is { } problem)
            {
                Console.Error.WriteLine(problem);
                Environment.Exit(1);
            }
        }

        return new DistributedApplicationBuilder(args);
    }

    /// <summary>Returns once everything is under way, before it is healthy.</summary>
    /// <exception cref="CannotStartException">A port or the data folder is taken, or a program is missing.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var logs = new LogPrefix(Resources.Where(resource => resource.Runs).Max(resource => resource.Name.Length), _console is not null && LogPrefix.ConsoleHasColour);
        _running = await RunningPlatform.StartAsync(
            Resources, DataRoot, _builder.ServiceEnvironment, ResourceNotifications, folder => new LogBook(folder, _console, logs), cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_running is { } running)
        {
            await running.StopAsync();
        }
    }

    /// <summary>Runs until Ctrl-C, SIGTERM or SIGHUP; sets the exit code to 1 if the platform could not start.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    public async Task RunAsync()
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = OnSignal(PosixSignal.SIGINT, stop);
        using var terminate = OnSignal(PosixSignal.SIGTERM, stop);
        using var hangUp = OnSignal(PosixSignal.SIGHUP, stop);
        string? problem = null;
        try
        {
            await StartAsync(stop.Token);
            await Running.AllStarted.WaitAsync(stop.Token);
            Announce(await DemoCredentials.FindAsync(Resources, stop.Token));
            await Task.Delay(Timeout.Infinite, stop.Token);
        }
        catch (CannotStartException e)
        {
            problem = e.Message;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _running?.Logs.Say("stopping");
        }

        await DisposeAsync();
        if (problem is not null)
        {
            await Console.Error.WriteLineAsync(problem);
            Environment.ExitCode = 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is { } running)
        {
            await running.DisposeAsync();
        }

        if (_console is { } console)
        {
            await console.DisposeAsync();
        }
    }

    private void Announce(DemoCredentials? demo)
    {
        if (demo is not null)
        {
            _running?.Logs.Announce($"\n{demo.Lines}(kept in {Path.Combine(DataRoot, "credentials.txt")})\n");
        }

        _running?.Logs.Announce($"ready api={UrlOf("api")} dashboard={UrlOf("web")}");
    }

    private string UrlOf(string name) =>
        Resources.FirstOrDefault(resource => resource.Name == name) is { } resource ? new EndpointReference(resource, "http").Url : "none";

    /// <summary>The first signal asks for an orderly stop, the third ends this process at once, and the kernel ends its children.</summary>
    private static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource stop)
    {
        var times = 0;
        return PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = Interlocked.Increment(ref times) < 3;
            if (!stop.IsCancellationRequested)
            {
                stop.Cancel();
            }
        });
    }
}
