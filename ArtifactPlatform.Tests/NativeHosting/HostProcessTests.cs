using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Xunit;

namespace ArtifactPlatform.Tests.NativeHosting;

/// <summary>The host as people run it. Each start is a whole platform, so each test asks several things of it.</summary>
[SupportedOSPlatform("linux")]
public sealed class HostProcessTests : IDisposable
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), $"ap host {Guid.NewGuid():N}"[..16]); // with spaces
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(2));

    [Fact]
    public async Task Killing_the_host_with_kill_9_leaves_no_process_behind_and_a_second_start_keeps_the_data()
    {
        var ct = _limit.Token;
        var (api, web) = RunningHost.FreePorts();
        using var first = RunningHost.Start(_data, api, web);
        await first.WaitUntilReadyAsync(ct);
        Assert.Contains($"ready api=http://localhost:{api} dashboard=http://localhost:{web}", first.Output);
        Assert.NotEmpty(RunningHost.ProcessesNaming(_data));
        var credentials = await File.ReadAllTextAsync(Path.Combine(_data, "credentials.txt"), ct);
        Assert.Contains("ak_live_", credentials, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_data, "credentials.txt")));

        await StoredData.WriteAsync(first.EnvironmentOf("ArtifactPlatform.Api"), ct);

        // A second copy in the same folder is refused, and says why.
        using var intruder = RunningHost.Start(_data, api + 1, web + 1);
        Assert.Equal(1, await intruder.WaitForExitAsync(ct));
        Assert.Equal($"DATA_DIR {_data} is in use by a running copy (pid {first.Pid}); stop it, or set DATA_DIR to another folder", Assert.Single(intruder.Output));

        await first.KillAsync(ct);
        await Until_no_process_names_the_folder(ct);

        // Somebody takes one of its ports meanwhile: it has to move, the monitor of the store included.
        using var squatter = ListenOn(FirstPort(_data));
        using var second = RunningHost.Start(_data, api, web);
        await second.WaitUntilReadyAsync(ct);
        Assert.Equal(credentials, await File.ReadAllTextAsync(Path.Combine(_data, "credentials.txt"), ct));
        await StoredData.AssertKeptAsync(second.EnvironmentOf("ArtifactPlatform.Api"), ct);
        Assert.DoesNotContain(second.Output, line => line.StartsWith("minio", StringComparison.Ordinal) && line.Contains("unexpectedly", StringComparison.Ordinal));

        second.Terminate();
        Assert.Equal(0, await second.WaitForExitAsync(ct));
        Assert.Empty(RunningHost.ProcessesNaming(_data));
    }

    [Fact]
    public async Task A_port_in_use_is_one_clear_line()
    {
        var (taken, free) = RunningHost.FreePorts();
        using var listener = ListenOn(taken);

        using var host = RunningHost.Start(_data, taken, free);

        Assert.Equal(1, await host.WaitForExitAsync(_limit.Token));
        Assert.Matches($@"^API_PORT {taken} is in use by pid {Environment.ProcessId} \(.+\); set API_PORT to a free port$", Assert.Single(host.Output));
    }

    [Fact]
    public async Task Stopping_while_it_starts_leaves_no_process_behind()
    {
        var ct = _limit.Token;
        var (api, web) = RunningHost.FreePorts();
        using var host = RunningHost.Start(_data, api, web);
        while (!host.Output.Any(line => line.StartsWith("redis", StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }

        host.Terminate();

        Assert.Equal(0, await host.WaitForExitAsync(ct));
        Assert.Empty(RunningHost.ProcessesNaming(_data));
    }

    public void Dispose()
    {
        _limit.Dispose();
        if (Directory.Exists(_data))
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    private static Socket ListenOn(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen(1);
        return socket;
    }

    private static int FirstPort(string data) =>
        int.Parse(File.ReadAllText(Path.Combine(data, "ports.json")).Trim('{', '}').Split(':')[1], CultureInfo.InvariantCulture);

    private async Task Until_no_process_names_the_folder(CancellationToken ct)
    {
        while (RunningHost.ProcessesNaming(_data).Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }
}
