using System.Collections.Concurrent;
using System.Diagnostics;

namespace ArtifactPlatform.NativeHosting.Processes;

/// <summary>
/// Starts every child from one thread that lives as long as this process: the kernel sends the death signal when the
/// <em>thread</em> that started a child ends (prctl(2), PR_SET_PDEATHSIG), and pool threads come and go.
/// </summary>
internal sealed class Launcher : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly string _pidFolder;

    public Launcher(string pidFolder)
    {
        _pidFolder = pidFolder;
        new Thread(Work) { IsBackground = true, Name = "launcher" }.Start();
    }

    /// <param name="onLine">Called for each line of output, from either pipe, one at a time per pipe.</param>
    public Task<ChildProcess> StartAsync(ProcessSpec spec, Action<string> onLine)
    {
        var started = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                started.SetResult(ChildProcess.Start(spec, _pidFolder, onLine));
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    /// <summary>The thread ends, and with it what it started and nobody stopped.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }

    internal static ProcessStartInfo StartInfo(ProcessSpec spec)
    {
        var info = new ProcessStartInfo(spec.Line[0])
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in spec.Line.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in spec.Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }
}
