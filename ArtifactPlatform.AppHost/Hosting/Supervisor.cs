namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>
/// What Aspire leaves to the person before its dashboard: it says when the platform is ready, ends the host when a resource cannot
/// start, and restarts what has crashed. What a person stops stays stopped.
/// </summary>
internal sealed class Supervisor(
    DataFolder data, RunningResources running, ResourceNotificationService notifications, ResourceCommandService commands, ResourceLogs logs, IConfiguration configuration, IHostApplicationLifetime lifetime, TimeProvider time)
    : BackgroundService
{
    /// <summary>The Api's settings of the last start, for <c>./run.sh doctor</c> and its like: NAME=VALUE, each ended by a zero byte; mode 0600.</summary>
    private const string EnvironmentFile = "api.env";

    /// <summary>Restarts of one resource before the platform was ready; more would hide that it cannot start.</summary>
    private const int MostFirstRestarts = 2;

    /// <summary>Afterwards: within the window; one that dies more often is broken, not unlucky.</summary>
    private const int MostRestarts = 20;
    private static readonly TimeSpan RestartWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Of a start in which no resource changes its state, unless a migration runs: nobody knows how long that needs.</summary>
    private static readonly TimeSpan StandstillLimit = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private const int LooksBetweenReports = 6;

    private readonly Dictionary<string, Queue<DateTimeOffset>> _restarts = [];
    private long _lastChange = time.GetTimestamp();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when everything is healthy for the first time; fails with the reason why it can't be, or why the host has to end.</summary>
    public Task WhenReady => _ready.Task;

    /// <summary>Why the host ends with exit code 1; null when a person ended it.</summary>
    public string? Failure { get; private set; }

    /// <summary>Ends the host with exit code 1. The first reason is the one that counts.</summary>
    public void Fail(string reason)
    {
        Failure ??= reason;
        _ready.TrySetException(new CannotStartException(reason));
        lifetime.StopApplication();
    }

    /// <summary>Runs what prepares a resource. Aspire itself does not report that it failed.</summary>
    public async Task PrepareAsync(string name, Func<Task> prepare)
    {
        try
        {
            await prepare();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logs.Say(name, e.Message);
            FailToStart(name, "could not start");
            throw;
        }
    }

    /// <summary>How long a resource that has died so often lately pauses before it is restarted; null when it is not.</summary>
    internal static TimeSpan? PauseAfter(int restarts) =>
        restarts >= MostRestarts ? null : TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(restarts, 10))));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = WatchStartAsync(stoppingToken);
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            var before = running.Heard(change);
            if (before != change.Snapshot.State?.Text && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                _lastChange = time.GetTimestamp();
                Heed(change, before, stoppingToken);
            }

            if (!_ready.Task.IsCompleted && running.All.All(running.IsHealthy))
            {
                AnnounceReady();
                _ready.TrySetResult();
            }
        }
    }

    private void Heed(ResourceEvent change, string? before, CancellationToken ct)
    {
        var (name, state) = (change.Resource.Name, change.Snapshot.State?.Text);
        var ended = (state == KnownResourceStates.Exited || state == KnownResourceStates.Finished) && change.Snapshot.ExitCode is not 0 && running.All.Contains(change.Resource);
        var failed = state == KnownResourceStates.FailedToStart;
        var reason = failed ? "could not start" : $"ended with exit code {change.Snapshot.ExitCode}";
        if (failed || (ended && running.IsOneShot(change.Resource)))
        {
            FailToStart(name, reason);
        }

        if ((failed || (ended && before != KnownResourceStates.Stopping)) && !running.IsOneShot(change.Resource))
        {
            _ = RestartAsync(name, change.ResourceId, reason, ct);
        }
    }

    private async Task RestartAsync(string name, string id, string reason, CancellationToken ct)
    {
        if (PauseBeforeRestart(name, id, reason) is { } pause)
        {
            await Task.Delay(pause, time, ct);
            await commands.ExecuteCommandAsync(id, KnownResourceCommands.StartCommand, ct);
        }
    }

    /// <returns>Null when it is given up.</returns>
    private TimeSpan? PauseBeforeRestart(string name, string id, string reason)
    {
        var now = time.GetUtcNow();
        var recent = _restarts.TryGetValue(id, out var known) ? known : _restarts[id] = [];
        while (recent.TryPeek(out var oldest) && now - oldest > RestartWindow)
        {
            recent.Dequeue();
        }

        if (recent.Count >= MostFirstRestarts)
        {
            FailToStart(name, $"could not start: it ended {recent.Count + 1} times; it {reason}");
        }

        if (lifetime.ApplicationStopping.IsCancellationRequested || PauseAfter(recent.Count) is not { } pause)
        {
            logs.Say(name, $"{reason}; that is its end number {recent.Count + 1} in {RestartWindow.TotalMinutes:0} minutes, and it is not restarted");
            return null;
        }

        recent.Enqueue(now);
        logs.Say(name, $"{reason}; restarting it in {pause.TotalSeconds:0} s");
        return pause;
    }

    private void FailToStart(string name, string what)
    {
        if (!_ready.Task.IsCompleted)
        {
            Fail($"{name} {what}. Its last lines ({data.PathOf($"logs/{name}.log")}):\n  {string.Join("\n  ", logs.LastLines(name))}");
        }
    }

    private async Task WatchStartAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        for (var looks = 1; await timer.WaitForNextTickAsync(ct) && !_ready.Task.IsCompleted; looks++)
        {
            var missing = running.All.Where(resource => !running.IsHealthy(resource)).ToList();
            if (looks % LooksBetweenReports == 0)
            {
                ResourceLogs.Announce($"still starting: {string.Join(", ", missing.Select(resource => resource.Name))}");
            }

            if (time.GetElapsedTime(_lastChange) > StandstillLimit && missing.Count > 0 && !missing.Exists(resource => running.IsOneShot(resource) && running.IsAlive(resource)))
            {
                FailToStart((missing.Find(running.IsAlive) ?? missing[0]).Name, $"could not start: it did not become healthy within {StandstillLimit.TotalSeconds:0} s");
            }
        }
    }

    private void AnnounceReady()
    {
        var demo = running.EnvironmentOf("migrate");
        var credentials = $"demo user      demo@example.com\ndemo password  {demo["Demo__Password"]}\ndemo API key   {demo["Demo__ApiKey"]}\n";
        DataFolder.WritePrivate(data.PathOf("credentials.txt"), credentials);
        DataFolder.WritePrivate(data.PathOf(EnvironmentFile), string.Concat(running.EnvironmentOf("api").Where(variable => variable.Key != Leftovers.Marker).Select(variable => $"{variable.Key}={variable.Value}\0")));
        var aspire = configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $" aspire={configuration["ASPNETCORE_URLS"]}/login?t={token}" : "";
        // The Aspire CLI keeps this output in a log below HOME: no secret belongs there.
        var shown = configuration["ASPIRE_CLI_PID"] is null ? credentials : "";
        ResourceLogs.Announce($"\n{shown}(demo user, password and key are kept in {data.PathOf("credentials.txt")})\n\nready api={running.UrlOf("api")} dashboard={running.UrlOf("web")}{aspire}");
    }
}
