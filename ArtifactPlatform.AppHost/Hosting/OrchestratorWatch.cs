namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>Ends the host when DCP, Aspire's orchestrator, has died: Aspire itself would stay up and show what no longer runs.</summary>
internal sealed class OrchestratorWatch(Supervisor supervisor, DataFolder data, IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <summary>An orderly stop asks DCP, which is gone: it gets this long before the process ends.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not what launches it, which has "--detach" before this option and ends at once.
        var server = await FindAsync("dcp start-apiserver --monitor ", Environment.ProcessId, stoppingToken);
        var controllers = await FindAsync("dcp run-controllers ", server.Id, stoppingToken);
        await Task.WhenAny(server.WaitForExitAsync(stoppingToken), controllers.WaitForExitAsync(stoppingToken));
        if (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            supervisor.Fail("the orchestrator (dcp) ended unexpectedly; everything that it ran is being stopped");
            await Task.Delay(StopLimit, CancellationToken.None);
            Leftovers.Stop(data.Root);
            await Console.Error.WriteLineAsync(supervisor.Failure);
            Environment.Exit(1);
        }
    }

    /// <summary>The process of that command which ends when <paramref name="monitored"/> does.</summary>
    private static async Task<Process> FindAsync(string command, int monitored, CancellationToken ct)
    {
        Process? found;
        while ((found = Process.GetProcesses().FirstOrDefault(process => string.Join(' ', Leftovers.Read(process.Id, "cmdline")) is var line
            && line.Contains(command, StringComparison.Ordinal) && line.Contains($"--monitor {monitored} ", StringComparison.Ordinal))) is null)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        }

        return found;
    }
}
