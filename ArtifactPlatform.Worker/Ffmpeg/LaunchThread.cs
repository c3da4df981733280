using System.Collections.Concurrent;
using System.Diagnostics;

namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>
/// Starts all processes from one thread that lives as long as the worker. <c>PR_SET_PDEATHSIG</c> fires when the thread that
/// forked ends, not the process: from a pool thread, a retiring thread would kill a healthy run.
/// </summary>
internal static class LaunchThread
{
    private static readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> Waiting = [];
    private static readonly Lazy<Thread> Runner = new(Begin);

    /// <exception cref="System.ComponentModel.Win32Exception">The program is missing or can't be executed.</exception>
    public static Task<Process> StartAsync(ProcessStartInfo info)
    {
        _ = Runner.Value;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Waiting.Add((info, started));
        return started.Task;
    }

    private static Thread Begin()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "ffmpeg launcher" };
        thread.Start();
        return thread;
    }

    private static void Run()
    {
        foreach (var (info, started) in Waiting.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info) ?? throw new InvalidOperationException($"{info.FileName} did not start."));
            }
#pragma warning disable CA1031 // Whatever it is belongs to the caller: this thread must live on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                started.SetException(e);
            }
        }
    }
}
