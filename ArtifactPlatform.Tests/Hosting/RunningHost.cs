using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ArtifactPlatform.AppHost.Hosting;

namespace ArtifactPlatform.Tests.Hosting;

/// <summary>The host as a process of its own, the way run.sh leaves it.</summary>
internal sealed partial class RunningHost : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly Task _reading;
    private readonly string _data;

    private RunningHost(Process process, string data)
    {
        (_process, _data) = (process, data);
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

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

    /// <summary>DCP, which runs everything for the host.</summary>
    public SeenProcess Orchestrator => ProcessTable.All.Single(process => process.CommandLine.Contains($"dcp start-apiserver --monitor {Pid} ", StringComparison.Ordinal));

    /// <summary>The host, DCP and all that they started.</summary>
    public IReadOnlyList<SeenProcess> Processes => ProcessTable.TreesOf([Pid, Orchestrator.Pid, .. Leftovers.Find(_data)]);

    public static RunningHost Start(string dataFolder, int apiPort, int webPort, params IEnumerable<(string Name, string Value)> environment)
    {
        // As run.sh does: where the tests run in the background, SIGINT is ignored.
        var info = new ProcessStartInfo("env", ["--default-signal=INT", Program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        (string, string)[] own = [("DATA_DIR", dataFolder), ("API_PORT", $"{apiPort}"), ("WEB_PORT", $"{webPort}"), ("STORES", "native")];
        foreach (var (name, value) in own.Concat(environment))
        {
            info.Environment[name] = value;
        }

        return new RunningHost(Process.Start(info) ?? throw new InvalidOperationException("The host did not start."), dataFolder);
    }

    /// <summary>The built host, of the same configuration and framework as the tests (".../bin/Release/net10.0/").</summary>
    public static string Program => PlatformSettingsExtensions.BuiltProgram($"{Projects.ArtifactPlatform_AppHost.ProjectPath}/ArtifactPlatform.AppHost.csproj");

    /// <returns>The line that says where the platform answers.</returns>
    public async Task<ReadyLine> WaitUntilReadyAsync(CancellationToken ct)
    {
        while (true)
        {
            if (Output.FirstOrDefault(line => line.StartsWith("ready ", StringComparison.Ordinal)) is { } line)
            {
                var match = Ready().Match(line);
                Assert.True(match.Success, line);
                return new ReadyLine(new Uri(match.Groups["api"].Value), new Uri(match.Groups["web"].Value), match.Groups["aspire"] is { Success: true } aspire ? new Uri(aspire.Value) : null);
            }

            if (_process.HasExited)
            {
                // Its last lines say why.
                Assert.Fail($"The host ended with exit code {await WaitForExitAsync(ct)}:\n{string.Join('\n', Output)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }

    public async Task<int> WaitForExitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        await _reading.WaitAsync(ct);
        return _process.ExitCode;
    }

    /// <summary>Runs <c>run.sh</c> to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunScriptAsync(string dataFolder, CancellationToken ct, params string[] arguments)
    {
        var script = Path.Combine(Projects.ArtifactPlatform_AppHost.ProjectPath, "..", "run.sh");
        var start = new ProcessStartInfo(script, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DATA_DIR"] = dataFolder;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("run.sh did not start.");
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, string.Concat(output));
    }

    public static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
    }

    /// <summary>What a running service was given (proc(5), /proc/pid/environ).</summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(string service)
    {
        var pid = Leftovers.Find(_data).First(pid => ProcessTable.Read(pid)?.CommandLine.Split(' ')[0].EndsWith('/' + service, StringComparison.Ordinal) is true);
        return File.ReadAllText($"/proc/{pid}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }

    /// <summary>Every process whose command line or open files name that folder.</summary>
    public static IReadOnlyList<string> ProcessesNaming(string folder) =>
    [
        .. ProcessTable.All
            .Where(process => process.Pid != Environment.ProcessId)
            .Where(process => process.CommandLine.Contains(folder, StringComparison.Ordinal) || ProcessTable.DescriptorsOf(process.Pid).Any(target => target.StartsWith(folder, StringComparison.Ordinal)))
            .Select(process => $"{process.Pid} {process.CommandLine}"),
    ];

    /// <summary>Two ports below the range that the kernel hands out by itself.</summary>
    public static (int Api, int Web) FreePorts()
    {
        var free = Enumerable.Range(0, 1_000).Select(_ => Random.Shared.Next(10_000, 19_000)).Distinct().Where(PortBlock.IsFree).Take(2).ToArray();
        return (free[0], free[1]);
    }

    /// <summary>Notes in the test's output how long it took, and fails when that is longer than is promised.</summary>
    public static void Report(string what, TimeSpan took, TimeSpan? promised = null)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {took.TotalSeconds:0.0} s{(promised is { } goal ? $" (promised: {goal.TotalSeconds:0} s)" : "")}");
        Assert.True(promised is null || took < promised, $"{what} took {took.TotalSeconds:0.0} s, more than the {promised?.TotalSeconds:0} that are promised");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
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

    [GeneratedRegex(@"^ready api=(?<api>http://localhost:\d+) dashboard=(?<web>http://localhost:\d+)( aspire=(?<aspire>http://localhost:\d+/login\?t=\w+))?$")]
    private static partial Regex Ready();
}

/// <summary>Tests of what the host promises within seconds, for which nothing else may run.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneOnTheMachine
{
    public const string Name = "alone on the machine";
}

/// <summary>Where the platform answers.</summary>
/// <param name="Aspire">The Aspire dashboard with its login token; null where there is none.</param>
internal sealed record ReadyLine(Uri Api, Uri Web, Uri? Aspire)
{
    public string Token => Aspire?.Query["?t=".Length..] ?? "";
}
