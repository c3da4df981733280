using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ArtifactPlatform.NativeHosting.Processes;

internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>What .NET has no call for: a signal to one process.</summary>
internal static partial class Signals
{
    private const int NoSuchProcess = 3; // ESRCH

    /// <summary>False when it is gone already.</summary>
    public static bool Send(int pid, Signal signal)
    {
        if (Kill(pid, (int)signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error, $"kill({pid}, {signal})");
    }

    /// <summary>As <c>setpriv --pdeathsig</c> takes it.</summary>
    public static string ShortName(this Signal signal) => signal switch
    {
        Signal.Interrupt => "INT",
        Signal.Kill => "KILL",
        Signal.Terminate => "TERM",
        Signal.Continue => "CONT",
        _ => "STOP",
    };

    /// <summary>
    /// A shell's script starts what it puts in the background with SIGINT ignored, .NET leaves an ignored signal
    /// alone, and <c>kill -INT</c> would then do nothing. To be called before .NET first looks.
    /// </summary>
    public static void HeedInterrupt() => SetHandler((int)Signal.Interrupt, handler: 0);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
