using System.Diagnostics;

namespace ArtifactPlatform.NativeHosting.Processes;

/// <summary>A child that runs, or has run.</summary>
internal sealed class ChildProcess
{
    private readonly Process _process;
    private readonly Task _output;
    private readonly PidFile _pidFile;

    private ChildProcess(Process process, PidFile pidFile, Action<string> onLine)
    {
        _process = process;
        _pidFile = pidFile;
        Pid = process.Id;
        _output = Task.WhenAll(
            LineReader.ReadAsync(process.StandardOutput.BaseStream, onLine),
            LineReader.ReadAsync(process.StandardError.BaseStream, onLine));
        Exited = WaitAsync();
    }

    public int Pid { get; }

    /// <summary>Its exit code; 128 + the signal's number if one ended it.</summary>
    public Task<int> Exited { get; }

    /// <summary>To be called on the launcher's thread only.</summary>
    public static ChildProcess Start(ProcessSpec spec, string pidFolder, Action<string> onLine)
    {
        var process = Process.Start(Launcher.StartInfo(spec))
            ?? throw new InvalidOperationException($"{spec.Name} did not start.");
        process.StandardInput.Close();
        return new ChildProcess(process, PidFile.Write(pidFolder, spec.Name, process.Id), onLine);
    }

    public bool Send(Signal signal) => !Exited.IsCompleted && Signals.Send(Pid, signal);

    /// <summary>It and all that descend from it, parents first so that none of them starts another.</summary>
    public void SendToTree(Signal signal)
    {
        if (Exited.IsCompleted)
        {
            return;
        }

        foreach (var pid in ProcessTable.Tree(Pid))
        {
            Signals.Send(pid, signal);
        }
    }

    /// <summary>Asks it to stop and, after the grace, kills it.</summary>
    /// <returns>True if it stopped by itself.</returns>
    public async Task<bool> StopAsync(Signal signal, TimeSpan grace, TimeProvider time)
    {
        Send(signal);
        Send(Signal.Continue); // one that a test has frozen would never see it
        try
        {
            await Exited.WaitAsync(grace, time);
            return true;
        }
        catch (TimeoutException)
        {
            SendToTree(Signal.Kill);
            await Exited;
            return false;
        }
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        var code = _process.ExitCode;
        // What it wrote last still sits in the pipe. A grandchild may hold the pipe open for longer: don't wait for that.
        await Task.WhenAny(_output, Task.Delay(TimeSpan.FromMilliseconds(500)));
        _pidFile.Delete();
        _process.Dispose();
        return code;
    }
}
