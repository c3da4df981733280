using System.Globalization;

namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>
/// Processes of an earlier run in the same data folder. After a <c>kill -9</c> of the host DCP needs seconds to end them, and they hold
/// ports, locks and files.
/// </summary>
internal static class Leftovers
{
    /// <summary>Every process that the host starts carries it, with the data folder as its value (proc(5), /proc/pid/environ).</summary>
    public const string Marker = "ARTIFACT_PLATFORM_DATA";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Returns when none is left; kills what is still there after 20 s.</summary>
    public static void WaitUntilGone(string dataFolder)
    {
        var since = Stopwatch.GetTimestamp();
        using var pause = new ManualResetEventSlim();
        while (Find(dataFolder) is { Count: > 0 } pids)
        {
            pause.Wait(TimeSpan.FromMilliseconds(100));
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                Signal("KILL", pids);
            }
        }
    }

    /// <summary>Asks all to stop, after their orchestrator has died, and waits until they have.</summary>
    public static void Stop(string dataFolder)
    {
        Signal("TERM", Find(dataFolder));
        WaitUntilGone(dataFolder);
    }

    public static IReadOnlyList<int> Find(string dataFolder) => [.. Process.GetProcesses().Select(process => process.Id).Where(pid => pid != Environment.ProcessId && IsOf(pid, $"{Marker}={dataFolder}"))];

    private static bool IsOf(int pid, string marker)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0').Contains(marker);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Gone in the meantime, or another user's.
        }
    }

    private static void Signal(string signal, IEnumerable<int> pids)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {string.Join(' ', pids)} 2> /dev/null"]);
        kill.WaitForExit();
    }
}
