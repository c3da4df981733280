using System.Globalization;

namespace ArtifactPlatform.NativeHosting.Processes;

/// <summary>
/// Says which process runs in a data folder: after a <c>kill -9</c> of the host, its children take a moment to die, and
/// the next start has to wait for that (they hold ports, locks and files).
/// </summary>
internal sealed class PidFile
{
    private readonly string _path;

    private PidFile(string path) => _path = path;

    public static PidFile Write(string folder, string name, int pid)
    {
        var file = new PidFile(Path.Combine(folder, $"{name}.{pid}.pid"));
        if (ProcessTable.Find(pid) is { } entry)
        {
            File.WriteAllText(file._path, string.Create(CultureInfo.InvariantCulture, $"{pid} {entry.StartTicks}"));
        }

        return file;
    }

    public void Delete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (IOException)
        {
            // The folder may be gone with it.
        }
    }

    /// <summary>Waits until every process that an earlier run has left is gone; kills what is still there after the grace.</summary>
    public static async Task WaitForLeftoversAsync(string folder, TimeSpan grace, TimeProvider time, CancellationToken ct)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.pid"))
        {
            if (Parse(await File.ReadAllTextAsync(path, ct)) is { } leftover && IsAlive(leftover))
            {
                var deadline = time.GetUtcNow() + grace;
                while (IsAlive(leftover))
                {
                    if (time.GetUtcNow() > deadline)
                    {
                        Signals.Send(leftover.Pid, Signal.Kill);
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(50), time, ct);
                }
            }

            File.Delete(path);
        }
    }

    private static (int Pid, long StartTicks)? Parse(string text) =>
        text.Split(' ') is [var pid, var ticks]
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? (number, start)
            : null;

    private static bool IsAlive((int Pid, long StartTicks) process) =>
        ProcessTable.Find(process.Pid) is { IsAlive: true } entry && entry.StartTicks == process.StartTicks;
}
