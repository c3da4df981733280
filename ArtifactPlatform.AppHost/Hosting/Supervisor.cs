namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>
/// What Aspire leaves to the person before its dashboard: it says when the platform is ready, ends the host when a resource cannot
/// start, and restarts what has crashed. What a person stops stays stopped.
/// </summary>
internal sealed class Supervisor(
    DataFolder data, RunningResources running, ResourceNotificationService notifications, ResourceCommandService commands, ResourceLogs logs, IConfiguration configuration, IHostApplicationLifetime lifetime, TimeProvider time)
    : BackgroundService
{
    /// <summary>The Api's settings of the last start, for <c>./run.sh doctor</c> and its like; mode 0600.</summary>
    private const string EnvironmentFile = "api.env";

    /// <summary>Restarts of one resource before the platform was ready; more would hide that it cannot start.</summary>
    private const int MostFirstRestarts = 2;

    /// <summary>Afterwards: within the window; one that dies more often is broken, not unlucky.</summary>
    private const int MostRestarts = 20;
    private static readonly TimeSpan RestartWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SayWhatIsMissingEvery = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Queue<DateTimeOffset>> _restarts = [];
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

    /// <summary>What prepares a resource has failed, which Aspire itself does not report.</summary>
    public void FailToPrepare(string name, string reason)
    {
        logs.Say(name, reason);
        FailToStart(name, "could not start");
    }

    /// <summary>How long a resource that has died so often lately pauses before it is restarted; null when it is not.</summary>
    internal static TimeSpan? PauseAfter(int restarts) =>
        restarts >= MostRestarts ? null : TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(restarts, 10))));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = ReportSlowStartAsync(stoppingToken);
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            var before = running.Heard(change);
            if (before != change.Snapshot.State?.Text && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
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
        if (state == KnownResourceStates.FailedToStart || (ended && running.IsOneShot(change.Resource)))
        {
            FailToStart(name, ended ? $"failed with exit code {change.Snapshot.ExitCode}" : "could not start");
        }
        else if (ended && before != KnownResourceStates.Stopping)
        {
            _ = RestartAsync(name, change.ResourceId, change.Snapshot.ExitCode, ct);
        }
    }

    private async Task RestartAsync(string name, string id, int? exitCode, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var recent = _restarts.TryGetValue(id, out var known) ? known : _restarts[id] = [];
        while (recent.TryPeek(out var oldest) && now - oldest > RestartWindow)
        {
            recent.Dequeue();
        }

        if (recent.Count >= MostFirstRestarts)
        {
            FailToStart(name, $"could not start: it ended {recent.Count + 1} times, the last time with exit code {exitCode}");
        }

        if (PauseAfter(recent.Count) is not { } pause)
        {
            logs.Say(name, $"ended with exit code {exitCode}; it has ended {recent.Count + 1} times in {RestartWindow.TotalMinutes:0} minutes and is not restarted");
            return;
        }

        recent.Enqueue(now);
        logs.Say(name, $"ended unexpectedly with exit code {exitCode}; restarting it in {pause.TotalSeconds:0} s");
        await Task.Delay(pause, time, ct);
        if (await commands.ExecuteCommandAsync(id, KnownResourceCommands.StartCommand, ct) is { Success: false } result)
        {
            logs.Say(name, $"could not be restarted: {result.Message}");
        }
    }

    private void FailToStart(string name, string what)
    {
        if (!_ready.Task.IsCompleted)
        {
            Fail($"{name} {what}. Its last lines ({data.PathOf($"logs/{name}.log")}):\n  {string.Join("\n  ", logs.LastLines(name))}");
        }
    }

    private async Task ReportSlowStartAsync(CancellationToken ct)
    {
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(SayWhatIsMissingEvery, time);
        while (await timer.WaitForNextTickAsync(ct) && !_ready.Task.IsCompleted)
        {
            var missing = running.All.Where(resource => !running.IsHealthy(resource)).Select(resource => resource.Name).ToList();
            ResourceLogs.Announce($"still starting: {string.Join(", ", missing)}");
            if (time.GetElapsedTime(began) > StartLimit && missing is [var first, ..])
            {
                FailToStart(first, $"did not become healthy within {StartLimit.TotalMinutes:0} minutes");
            }
        }
    }

    private void AnnounceReady()
    {
        var demo = running.EnvironmentOf("migrate");
        var credentials = $"demo user      demo@example.com\ndemo password  {demo["Demo__Password"]}\ndemo API key   {demo["Demo__ApiKey"]}\n";
        DataFolder.WritePrivate(data.PathOf("credentials.txt"), credentials);
        DataFolder.WritePrivate(data.PathOf(EnvironmentFile), string.Concat(running.EnvironmentOf("api").Select(variable => $"{variable.Key}={variable.Value}\n")));
        var aspire = configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $" aspire={configuration["ASPNETCORE_URLS"]}/login?t={token}" : "";
        // The Aspire CLI keeps this output in a log below HOME: no secret belongs there.
        var shown = configuration["ASPIRE_CLI_PID"] is null ? credentials : "";
        ResourceLogs.Announce($"\n{shown}(demo user, password and key are kept in {data.PathOf("credentials.txt")})\n\nready api={running.UrlOf("api")} dashboard={running.UrlOf("web")}{aspire}");
    }
}
