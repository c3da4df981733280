using System.Diagnostics;
using System.Globalization;
using ArtifactPlatform.NativeHosting.Data;
using ArtifactPlatform.NativeHosting.Processes;
using Xunit;

namespace ArtifactPlatform.Tests.NativeHosting;

/// <summary>The host as a process of its own, the way run.sh leaves it.</summary>
internal sealed class RunningHost : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly Task _reading;

    private RunningHost(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public int Pid => _process.Id;

    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_output)
            {
                return [.. _output];
            }
        }
    }

    public static RunningHost Start(string dataFolder, int apiPort, int webPort)
    {
        // Lies beside this assembly: the host is a reference of the tests.
        var info = new ProcessStartInfo(Path.ChangeExtension(typeof(Projects.ArtifactPlatform_AppHost).Assembly.Location, null))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["DATA_DIR"] = dataFolder;
        info.Environment["API_PORT"] = apiPort.ToString(CultureInfo.InvariantCulture);
        info.Environment["WEB_PORT"] = webPort.ToString(CultureInfo.InvariantCulture);
        return new RunningHost(Process.Start(info) ?? throw new InvalidOperationException("The host did not start."));
    }

    public async Task WaitUntilReadyAsync(CancellationToken ct)
    {
        while (!Output.Any(line => line.StartsWith("ready api=", StringComparison.Ordinal)))
        {
            Assert.False(_process.HasExited, string.Join('\n', Output));
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }

    public async Task<int> WaitForExitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        await _reading.WaitAsync(ct);
        return _process.ExitCode;
    }

    public void Terminate() => Signals.Send(Pid, Signal.Terminate);

    public Task KillAsync(CancellationToken ct)
    {
        _process.Kill();
        return _process.WaitForExitAsync(ct);
    }

    /// <summary>What a running service was given (proc(5), /proc/pid/environ).</summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(string service)
    {
        var pid = ProcessTable.Tree(Pid).Single(pid => File.ReadAllText($"/proc/{pid}/cmdline").Split('\0')[0].EndsWith('/' + service, StringComparison.Ordinal));
        return File.ReadAllText($"/proc/{pid}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }

    /// <summary>Every process whose command line or open files name that folder, zombies aside.</summary>
    public static IReadOnlyList<string> ProcessesNaming(string folder) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Where(entry => int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId)
            .Select(entry => Describe(entry, folder))
            .OfType<string>(),
    ];

    /// <summary>Two ports below the range that the kernel hands out by itself.</summary>
    public static (int Api, int Web) FreePorts()
    {
        var free = Enumerable.Range(0, 1_000).Select(_ => Random.Shared.Next(10_000, 19_000)).Distinct().Where(PortBlock.IsFree).Take(2).ToArray();
        return (free[0], free[1]);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string? Describe(string entry, string folder)
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(entry, "cmdline")).Replace('\0', ' ');
            var names = line.Contains(folder, StringComparison.Ordinal)
                || Directory.EnumerateFileSystemEntries(Path.Combine(entry, "fd"))
                    .Any(descriptor => File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName.StartsWith(folder, StringComparison.Ordinal) is true);
            return names ? $"{Path.GetFileName(entry)} {line}" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // gone in between
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.Add(line);
            }
        }
    }
}
