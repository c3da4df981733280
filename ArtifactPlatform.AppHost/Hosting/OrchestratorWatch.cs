using System.Globalization;

namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>Ends the host when DCP, Aspire's orchestrator, has died: Aspire itself would stay up and show what no longer runs.</summary>
internal sealed class OrchestratorWatch(Supervisor supervisor, DataFolder data, IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <summary>An orderly stop asks DCP, which is gone: it gets this long before the process ends.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not what launches it, which has "--detach" before this option and ends at once.
        var server = await FindAsync($"dcp start-apiserver --monitor {Environment.ProcessId} --kubeconfig ", stoppingToken);
        var controllers = await FindAsync($"dcp run-controllers .*--monitor {server.Id} ", stoppingToken);
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

    private static async Task<Process> FindAsync(string pattern, CancellationToken ct)
    {
        while (true)
        {
            var found = await Cli.Wrap("pgrep").WithArguments(["-f", pattern]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(ct);
            if (int.TryParse(found.StandardOutput.Split('\n')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                return Process.GetProcessById(pid);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        }
    }
}
