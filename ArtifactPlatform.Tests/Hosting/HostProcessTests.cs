using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using ArtifactPlatform.AppHost.Hosting;
using Npgsql;

namespace ArtifactPlatform.Tests.Hosting;

/// <summary>The host as people run it, through every way in which it can end. Each start is a whole platform, so each answers several questions.</summary>
[SupportedOSPlatform("linux")]
[Collection(AloneOnTheMachine.Name)]
public sealed class HostProcessTests : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>Half of it is what an idle machine needs; where the processors are slower, ceph-osd alone may take the rest.</summary>
    private static readonly TimeSpan LaterStart = TimeSpan.FromSeconds(30);

    private readonly HostFolder _folder = new();
    private readonly (int Api, int Web) _ports = RunningHost.FreePorts();
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public HostProcessTests() => _limit.CancelAfter(TimeSpan.FromMinutes(15));

    private CancellationToken Ct => _limit.Token;

    [Fact]
    public async Task A_platform_guards_its_secrets_and_keeps_its_data_however_it_ends()
    {
        await using var commandLines = CommandLines.Watch();
        using var first = Start(("Ingest__MaxSizeBytes", "987654321"));
        var ready = await ReadyAsync("first start", first, TimeSpan.FromSeconds(60));
        await Every_address_answers(ready);
        Only_the_owner_reads_what_is_kept();
        No_secret_leaks(ready.Token, await commandLines.StopAsync());
        Nothing_listens_beyond_the_loopback(first);
        A_later_start_would_find_every_process(first);
        Every_resource_has_a_log();
        var services = first.EnvironmentOf("ArtifactPlatform.Api");
        await The_services_own_their_database_and_nothing_else(services);
        await StoredData.WriteAsync(services, Ct);
        await A_second_copy_in_the_folder_is_refused(first);
        await Commands_of_run_sh_have_the_settings_of_the_running_platform();
        await Kill_9_of_the_host_ends_everything_within_20_s(first);

        // Somebody takes one of its ports meanwhile.
        using var squatter = ListenOn(RedisPort(services));
        using var second = Start();
        await ReadyAsync("second start", second, LaterStart);
        await StoredData.AssertKeptAsync(second.EnvironmentOf("ArtifactPlatform.Api"), Ct);
        await Kill_9_of_the_orchestrator_ends_the_host_within_30_s(second);

        using var third = Start(("ASPIRE_DASHBOARD", "false"));
        Assert.Null((await ReadyAsync("third start", third, LaterStart)).Aspire);
        Assert.DoesNotContain(third.Processes, process => process.CommandLine.Contains("Aspire.Dashboard", StringComparison.Ordinal));
        await StoredData.AssertKeptAsync(third.EnvironmentOf("ArtifactPlatform.Api"), Ct);
        await A_store_that_cannot_be_restarted_is_tried_again(third);
        await A_signal_ends_everything_cleanly_within_15_s("TERM", third);

        // Telemetry that nobody takes must not hold up the end.
        using var fourth = Start(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
        await ReadyAsync("fourth start", fourth, LaterStart);
        await StoredData.AssertKeptAsync(fourth.EnvironmentOf("ArtifactPlatform.Api"), Ct);
        await A_signal_ends_everything_cleanly_within_15_s("INT", fourth);
    }

    public void Dispose()
    {
        _limit.Dispose();
        _folder.Dispose();
    }

    private RunningHost Start(params IEnumerable<(string, string)> environment) => RunningHost.Start(_folder.Data, _ports.Api, _ports.Web, environment.Append(("HOME", _folder.Home)));

    private async Task<ReadyLine> ReadyAsync(string what, RunningHost host, TimeSpan promised)
    {
        var watch = Stopwatch.StartNew();
        var ready = await host.WaitUntilReadyAsync(Ct);
        RunningHost.Report($"{what} to ready", watch.Elapsed, promised);
        Assert.Equal((_ports.Api, _ports.Web), (ready.Api.Port, ready.Web.Port));
        return ready;
    }

    private async Task Every_address_answers(ReadyLine ready)
    {
        using var http = new HttpClient();
        foreach (var url in new[] { new Uri(ready.Api, "/health"), ready.Web })
        {
            using var answer = await http.GetAsync(url, Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        // The token opens the dashboard; a wrong one leads back to the form.
        Assert.NotNull(ready.Aspire);
        using var opened = await http.GetAsync(ready.Aspire, Ct);
        Assert.Equal((HttpStatusCode.OK, false), (opened.StatusCode, opened.RequestMessage?.RequestUri?.AbsolutePath.StartsWith("/login", StringComparison.Ordinal)));
        using var stranger = new HttpClient();
        using var refused = await stranger.GetAsync(new Uri(ready.Aspire, "/login?t=wrong"), Ct);
        Assert.StartsWith("/login", refused.RequestMessage?.RequestUri?.AbsolutePath, StringComparison.Ordinal);
    }

    private void Only_the_owner_reads_what_is_kept()
    {
        Assert.All(["credentials.txt", "secrets.json", "api.env"], file => Assert.Equal((file, OwnerFile), (file, _folder.ModeOf(file))));
        Assert.All([".", "scratch", "logs"], folder => Assert.Equal((folder, OwnerFolder), (folder, _folder.ModeOf(folder))));
        Assert.Matches(@"demo@example\.com[\s\S]*ak_live_\w{43}", File.ReadAllText(_folder.PathOf("credentials.txt")));
    }

    private void No_secret_leaks(string browserToken, IReadOnlyCollection<string> commandLines)
    {
        string[] secrets = [.. _folder.Secrets, browserToken];
        Assert.All(secrets, secret => Assert.InRange(secret.Length, 32, 64));

        // The watch was not blind: it saw a step of the first start that takes a second.
        Assert.Contains(commandLines, line => line.Contains("/initdb ", StringComparison.Ordinal));
        Assert.DoesNotContain(commandLines, line => Array.Exists(secrets, line.Contains));
        Assert.Empty(HostFolder.FilesWith(_folder.PathOf("logs"), secrets));

        // secrets.json itself proves that the search finds what is there.
        Assert.Contains(_folder.PathOf("secrets.json"), HostFolder.FilesWith(_folder.Data, secrets));
        Assert.Empty(HostFolder.FilesWith(_folder.Home, secrets));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.Home, "*", SearchOption.AllDirectories), path => Path.GetFileName(path) is ".aspnet" or "DataProtection-Keys" or ".microsoft" or "secrets.json");
    }

    private static void Nothing_listens_beyond_the_loopback(RunningHost host)
    {
        var listeners = host.Processes.SelectMany(process => ProcessTable.ListenersOf(process.Pid).Select(address => (address, process.CommandLine))).ToList();

        Assert.Contains(listeners, listener => listener.CommandLine.Contains("ceph-osd", StringComparison.Ordinal));
        Assert.Contains(listeners, listener => listener.CommandLine.Contains("postgres", StringComparison.Ordinal));
        Assert.All(listeners, listener => Assert.True(IPAddress.IsLoopback(listener.address.Address), $"{listener}"));
    }

    private void A_later_start_would_find_every_process(RunningHost host)
    {
        var running = host.Processes;
        var found = Leftovers.Find(_folder.Data).ToHashSet();

        Assert.All(
            ["redis-server", "postgres -D", "ceph-mon", "ceph-osd", "radosgw", "ArtifactPlatform.Api", "ArtifactPlatform.Worker", "ArtifactPlatform.Web", "Aspire.Dashboard"],
            program => Assert.Contains(running, process => process.CommandLine.Contains(program, StringComparison.Ordinal) && found.Contains(process.Pid)));

        // The host and DCP have no marker: DCP ends by itself when the host has. Nor have the children of Postgres, which end with the server.
        Assert.DoesNotContain(running, process => process.IsAlive && process.Pid != host.Pid && !found.Contains(process.Pid)
            && !process.CommandLine.Contains("/dcp ", StringComparison.Ordinal)
            && !(process.CommandLine.StartsWith("postgres: ", StringComparison.Ordinal) && found.Contains(process.Parent)));
    }

    private void Every_resource_has_a_log() => Assert.All(
        ["migrate", "api", "worker", "web", "postgres", "redis", "minio", "minio-mon", "minio-osd", "aspire-dashboard"],
        resource => Assert.False(string.IsNullOrWhiteSpace(_folder.Log(resource)), resource));

    private async Task The_services_own_their_database_and_nothing_else(IReadOnlyDictionary<string, string> environment)
    {
        await using var postgres = NpgsqlDataSource.Create(environment["ConnectionStrings__artifactdb"]);
        await using var role = postgres.CreateCommand(
            """
            SELECT rolsuper, rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,
                   (SELECT array_agg(datname::text) FROM pg_database WHERE datdba = pg_roles.oid),
                   (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner <> pg_roles.oid)
            FROM pg_roles WHERE rolname = current_user
            """);
        await using var reader = await role.ExecuteReaderAsync(Ct);
        Assert.True(await reader.ReadAsync(Ct));
        Assert.Equal((false, false, 0L), (reader.GetBoolean(0), reader.GetBoolean(1), reader.GetInt64(3)));
        Assert.Equal(["artifacts"], reader.GetFieldValue<string[]>(2));
    }

    private async Task A_second_copy_in_the_folder_is_refused(RunningHost running)
    {
        var (api, web) = RunningHost.FreePorts();
        using var intruder = RunningHost.Start(_folder.Data, api, web);
        Assert.Equal(1, await intruder.WaitForExitAsync(Ct));
        Assert.Equal($"DATA_DIR {_folder.Data} is in use by a running copy (pid {running.Pid}); stop it, or set DATA_DIR to another folder", Assert.Single(intruder.Output));
    }

    private async Task Commands_of_run_sh_have_the_settings_of_the_running_platform()
    {
        var settings = (await File.ReadAllTextAsync(_folder.PathOf("api.env"), Ct)).Split('\0');
        Assert.Contains("Ingest__MaxSizeBytes=987654321", settings);
        Assert.DoesNotContain(settings, setting => setting.StartsWith(Leftovers.Marker, StringComparison.Ordinal));
        foreach (var (command, exitCode, answer) in new[]
        {
            ("doctor", 0, "presigned"),
            ("migrate", 0, ""),
            ("rotate-signing-key", 0, ""),
            ("quota --company co_nobody", 1, "co_nobody"),
            ("doctor --everything", 1, "--everything"),
        })
        {
            var (code, output) = await RunningHost.RunScriptAsync(_folder.Data, Ct, command.Split(' '));
            Assert.True(exitCode == code && output.Contains(answer, StringComparison.OrdinalIgnoreCase), $"{command}: {code}\n{output}");
        }
    }

    /// <summary>Its folder is in the way of its configuration for a while.</summary>
    private async Task A_store_that_cannot_be_restarted_is_tried_again(RunningHost host)
    {
        var (configuration, redis) = (_folder.PathOf("redis/redis.conf"), host.Processes.Single(process => process.CommandLine.Contains("redis-server", StringComparison.Ordinal)));
        File.Delete(configuration);
        Directory.CreateDirectory(configuration);
        RunningHost.Signal(redis.Pid, "KILL");
        await Eventually.TrueAsync(() => Task.FromResult(_folder.Log("redis").Contains("*** could not start; restarting it in 4 s", StringComparison.Ordinal)), () => _folder.Log("redis"));
        Directory.Delete(configuration);
        await Eventually.TrueAsync(() => Task.FromResult(host.Processes.Any(process => process.CommandLine.Contains("redis-server", StringComparison.Ordinal))), () => _folder.Log("redis"));
    }

    private async Task Kill_9_of_the_host_ends_everything_within_20_s(RunningHost host)
    {
        var running = host.Processes;
        var watch = Stopwatch.StartNew();
        RunningHost.Signal(host.Pid, "KILL");
        await NothingIsLeftAsync(running);
        RunningHost.Report("kill -9 of the host until nothing runs", watch.Elapsed, TimeSpan.FromSeconds(20));
    }

    private async Task Kill_9_of_the_orchestrator_ends_the_host_within_30_s(RunningHost host)
    {
        var running = host.Processes;
        var watch = Stopwatch.StartNew();
        RunningHost.Signal(host.Orchestrator.Pid, "KILL");
        Assert.Equal(1, await host.WaitForExitAsync(Ct));
        RunningHost.Report("kill -9 of DCP until the host ends", watch.Elapsed, TimeSpan.FromSeconds(30));
        Assert.Single(host.Output, line => line.Contains("dcp", StringComparison.Ordinal) && line.Contains("ended unexpectedly", StringComparison.Ordinal));
        await NothingIsLeftAsync(running);
        RunningHost.Report("kill -9 of DCP until nothing runs", watch.Elapsed, TimeSpan.FromSeconds(30));
    }

    private async Task A_signal_ends_everything_cleanly_within_15_s(string signal, RunningHost host)
    {
        var running = host.Processes;
        var before = _folder.LogLengths("postgres", "redis", "minio-osd");
        var watch = Stopwatch.StartNew();
        RunningHost.Signal(host.Pid, signal);
        Assert.Equal(0, await host.WaitForExitAsync(Ct));
        // DCP itself ends when it sees that the host has.
        await NothingIsLeftAsync(running);
        RunningHost.Report($"SIG{signal} until nothing runs", watch.Elapsed, TimeSpan.FromSeconds(15));
        var last = before.ToDictionary(log => log.Key, log => _folder.Log(log.Key)[(int)log.Value..]);
        Assert.Contains("database system is shut down", last["postgres"], StringComparison.Ordinal);
        Assert.Contains("Redis is now ready to exit, bye bye...", last["redis"], StringComparison.Ordinal);
        Assert.Contains("Immediate shutdown", last["minio-osd"], StringComparison.Ordinal);
    }

    private Task NothingIsLeftAsync(IReadOnlyList<SeenProcess> processes)
    {
        IEnumerable<string> Left() => processes.Where(process => process.IsAlive).Select(process => $"{process.Pid} {process.CommandLine}").Concat(RunningHost.ProcessesNaming(_folder.Data));
        return Eventually.TrueAsync(() => Task.FromResult(!Left().Any()), () => $"the end of\n{string.Join('\n', Left())}");
    }

    private static Socket ListenOn(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen(1);
        return socket;
    }

    private static int RedisPort(IReadOnlyDictionary<string, string> environment) =>
        int.Parse(environment["ConnectionStrings__redis"].Split(',')[0].Split(':')[1], CultureInfo.InvariantCulture);
}
