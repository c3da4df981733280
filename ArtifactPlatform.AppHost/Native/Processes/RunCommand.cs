using ArtifactPlatform.NativeHosting.Logs;

namespace ArtifactPlatform.NativeHosting.Processes;

/// <summary>Runs a program to its end.</summary>
internal sealed class RunCommand(Launcher launcher, TimeProvider time)
{
    private const int KeptLines = 200;

    /// <returns>Its exit code and its last lines.</returns>
    public async Task<(int ExitCode, string Output)> TryAsync(ProcessSpec spec, TimeSpan limit, CancellationToken ct)
    {
        var output = new LineBuffer(KeptLines);
        var child = await launcher.StartAsync(spec, output.Add);
        try
        {
            return (await child.Exited.WaitAsync(limit, time, ct), string.Join('\n', output.Lines));
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            child.SendToTree(Signal.Kill);
            await child.Exited;
            ct.ThrowIfCancellationRequested();
            throw new CannotStartException($"{spec.Name} did not end within {limit.TotalSeconds:0} s: {string.Join(' ', output.Lines.TakeLast(5))}", e);
        }
    }

    /// <summary>The same, where anything but success is the end.</summary>
    public async Task<string> RunAsync(ProcessSpec spec, TimeSpan limit, CancellationToken ct)
    {
        var (exitCode, output) = await TryAsync(spec, limit, ct);
        return exitCode == 0
            ? output
            : throw new CannotStartException($"{spec.Name} failed with exit code {exitCode}: {string.Join(' ', output.Split('\n').TakeLast(5))}");
    }
}
