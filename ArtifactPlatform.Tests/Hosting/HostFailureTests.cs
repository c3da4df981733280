using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace ArtifactPlatform.Tests.Hosting;

/// <summary>What the host says when it cannot start, and what it leaves when it is stopped before it has.</summary>
[SupportedOSPlatform("linux")]
[Collection(AloneOnTheMachine.Name)]
public sealed class HostFailureTests : IDisposable
{
    private readonly HostFolder _folder = new();
    private readonly (int Api, int Web) _ports = RunningHost.FreePorts();
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public HostFailureTests() => _limit.CancelAfter(TimeSpan.FromMinutes(6));

    private CancellationToken Ct => _limit.Token;

    [Theory]
    [InlineData("API_PORT", "many", "API_PORT is 'many'; set it to a number from 0 to 65535")]
    [InlineData("WEB_PORT", "70000", "WEB_PORT is '70000'; set it to a number from 0 to 65535")]
    [InlineData("STORES", "containers", "STORES is 'containers', but neither docker nor podman answers; start one of them, or set STORES to native")]
    [InlineData("STORES", "sqlite", "STORES is 'sqlite'; set it to containers or native")]
    [InlineData("DEMO_API_KEY", "mine", "DEMO_API_KEY must start with ak_live_")]
    [InlineData("API_REPLICAS", "0", "API_REPLICAS is '0'; set it to a number from 1 to 32")]
    [InlineData("WORKER_REPLICAS", "33", "WORKER_REPLICAS is '33'; set it to a number from 1 to 32")]
    [InlineData("WEB_REPLICAS", "two", "WEB_REPLICAS is 'two'; set it to a number from 1 to 32")]
    [InlineData("ASPIRE_DASHBOARD", "maybe", "ASPIRE_DASHBOARD is 'maybe'; set it to true or false")]
    [InlineData("DATA_DIR", "/proc/none", "DATA_DIR /proc/none cannot be used")]
    public async Task A_setting_that_makes_no_sense_is_one_clear_line(string name, string value, string problem)
    {
        using var host = RunningHost.Start(_folder.Data, _ports.Api, _ports.Web, (name, value));

        Assert.Equal(1, await host.WaitForExitAsync(Ct));
        Assert.StartsWith(problem, Assert.Single(host.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("API_PORT")]
    [InlineData("WEB_PORT")]
    public async Task A_port_in_use_is_one_clear_line(string name)
    {
        var (taken, _) = RunningHost.FreePorts();
        using var listener = new TcpListener(IPAddress.Loopback, taken);
        listener.Start();

        using var host = RunningHost.Start(_folder.Data, _ports.Api, _ports.Web, (name, $"{taken}"));

        Assert.Equal(1, await host.WaitForExitAsync(Ct));
        Assert.Matches($"^{name} {taken} is in use.*; set {name} to a free port", Assert.Single(host.Output));
    }

    [Fact]
    public async Task A_service_that_cannot_start_ends_the_host_within_60_s_and_is_named_with_its_last_lines()
    {
        // Not even root can make a folder of it.
        var file = Path.Combine(_folder.Root, "a file");
        await File.WriteAllTextAsync(file, "", Ct);
        using var host = RunningHost.Start(_folder.Data, _ports.Api, _ports.Web, ("Worker__ScratchPath", file));

        await EndsWithReasonAsync(host, "worker", file);
    }

    [Fact]
    public async Task A_store_that_cannot_be_prepared_ends_the_host_within_60_s_and_is_named_with_its_last_lines()
    {
        // Where its configuration belongs.
        var folder = Directory.CreateDirectory(_folder.PathOf("redis/redis.conf")).FullName;
        using var host = RunningHost.Start(_folder.Data, _ports.Api, _ports.Web);

        await EndsWithReasonAsync(host, "redis", folder);
    }

    /// <param name="moment">The beginning of the line at which it is stopped: before Aspire has started, and while the stores are created.</param>
    [Theory]
    [InlineData("stores: ")]
    [InlineData("minio-mon ")]
    public async Task Stopping_while_it_starts_leaves_no_process_behind(string moment)
    {
        using var host = RunningHost.Start(_folder.Data, _ports.Api, _ports.Web);
        await Eventually.TrueAsync(() => Task.FromResult(host.Output.Any(line => line.StartsWith(moment, StringComparison.Ordinal))), () => moment);

        var watch = Stopwatch.StartNew();
        RunningHost.Signal(host.Pid, "TERM");

        // 143: SIGTERM came before anything was there to be stopped.
        Assert.Contains(await host.WaitForExitAsync(Ct), new[] { 0, 143 });
        // DCP ends what it was just starting, and itself, when it sees that the host has ended.
        IEnumerable<string> Left() => RunningHost.ProcessesNaming(_folder.Data).Concat(RunningHost.ProcessesNaming($"--monitor {host.Pid} "));
        await Eventually.TrueAsync(() => Task.FromResult(!Left().Any()), () => $"the end of\n{string.Join('\n', Left())}");
        RunningHost.Report($"SIGTERM at \"{moment}\" until nothing runs", watch.Elapsed, TimeSpan.FromSeconds(15));
    }

    public void Dispose()
    {
        _limit.Dispose();
        _folder.Dispose();
    }

    private async Task EndsWithReasonAsync(RunningHost host, string resource, string cause)
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal(1, await host.WaitForExitAsync(Ct));
        RunningHost.Report($"{resource} cannot start, until the host ends", watch.Elapsed, TimeSpan.FromSeconds(60));
        var report = host.Output.SkipWhile(line => !line.StartsWith($"{resource} could not start", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(report);
        Assert.Contains(report, line => line.StartsWith("  ", StringComparison.Ordinal) && line.Contains(cause, StringComparison.Ordinal));
        Assert.Empty(RunningHost.ProcessesNaming(_folder.Data));
    }
}
