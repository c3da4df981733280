namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>
/// Processes of an earlier run in the same data folder. After a <c>kill -9</c> of the host DCP needs seconds to end them, and they hold
/// ports, locks and files.
/// </summary>
internal static class Leftovers
{
    /// <summary>Every process that the host starts carries it, with the data folder as its value (proc(5), /proc/pid/environ).</summary>
    public const string Marker = "ARTIFACT_PLATFORM_DATA";

    private static readonly TimeSpan SayAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(30);

    /// <summary>Returns when none is left; kills what is still there after 20 s.</summary>
    /// <exception cref="CannotStartException">One can't be killed, such as one that waits for a disk which does not answer.</exception>
    public static void WaitUntilGone(string dataFolder)
    {
        using var pause = new ManualResetEventSlim();
        var (since, said) = (Stopwatch.GetTimestamp(), false);
        for (; Find(dataFolder) is { Count: > 0 } pids; pause.Wait(TimeSpan.FromMilliseconds(100)))
        {
            switch (Stopwatch.GetElapsedTime(since))
            {
                case var waited when waited > GiveUpAfter:
                    throw new CannotStartException($"processes of an earlier run in {dataFolder} do not end: {string.Join(", ", pids)}; end them, or set DATA_DIR to another folder");
                case var waited when waited > KillAfter:
                    Signal("KILL", pids);
                    break;
                case var waited when waited > SayAfter && !said:
                    ResourceLogs.Announce($"waiting for {pids.Count} processes of an earlier run to end");
                    said = true;
                    break;
            }
        }
    }

    /// <summary>Asks all to stop, after their orchestrator has died, and waits until they have.</summary>
    public static void Stop(string dataFolder)
    {
        Signal("TERM", Find(dataFolder));
        WaitUntilGone(dataFolder);
    }

    public static IReadOnlyList<int> Find(string dataFolder) => [.. Process.GetProcesses().Select(process => process.Id).Where(pid => pid != Environment.ProcessId && Read(pid, "environ").Contains($"{Marker}={dataFolder}"))];

    /// <summary>A list of <c>/proc/pid</c>: <c>cmdline</c> or <c>environ</c>. Empty when the process has ended or is another user's.</summary>
    public static string[] Read(int pid, string list)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{list}").Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static void Signal(string signal, IEnumerable<int> pids)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {string.Join(' ', pids)} 2> /dev/null"]);
        kill.WaitForExit();
    }
}
