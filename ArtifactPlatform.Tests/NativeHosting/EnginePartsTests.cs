using System.Text;
using ArtifactPlatform.NativeHosting;
using ArtifactPlatform.NativeHosting.Data;
using ArtifactPlatform.NativeHosting.Logs;
using ArtifactPlatform.NativeHosting.Processes;
using ArtifactPlatform.NativeHosting.Stores;
using Xunit;

namespace ArtifactPlatform.Tests.NativeHosting;

/// <summary>The engine's parts that need no process.</summary>
public sealed class EnginePartsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ap-parts-");

    [Fact]
    public void Log_lines_stand_in_one_column_and_are_coloured_only_on_request()
    {
        Assert.Equal("api      | started", new LogPrefix(8, coloured: false).Apply("api", 0, "started"));
        Assert.Equal("\e[33mapi      |\e[0m started", new LogPrefix(8, coloured: true).Apply("api", 1, "started"));
    }

    [Fact]
    public async Task Lines_are_cut_whole_out_of_a_pipe_and_a_long_one_in_pieces()
    {
        var lines = new List<string>();
        var text = "one\r\ntwo über\n" + new string('x', LineReader.LongestLineBytes * 3) + "\nlast without an end";

        await LineReader.ReadAsync(new TrickleStream(Encoding.UTF8.GetBytes(text), 1000), lines.Add);

        Assert.Equal("one", lines[0]);
        Assert.Equal("two über", lines[1]);
        Assert.Equal(LineReader.LongestLineBytes * 3, lines[2..^1].Sum(line => line.Length));
        Assert.Equal("last without an end", lines[^1]);
    }

    [Fact]
    public void A_log_file_rolls_over_at_its_limit()
    {
        var path = Path.Combine(_folder.FullName, "a.log");
        using (var file = new RollingFile(path, limitBytes: 100))
        {
            for (var i = 10; i < 60; i++)
            {
                file.WriteLine($"line {i} of fifty");
            }

            file.WriteLine("the last");
        }

        Assert.EndsWith("the last\n", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.InRange(new FileInfo(path).Length, 0, 120);
        Assert.InRange(new FileInfo(path + ".1").Length, 100, 120);
    }

    [Fact]
    public void The_console_keeps_the_newest_lines_when_nobody_reads()
    {
        var buffer = new LineBuffer(2);
        buffer.Add("a");
        buffer.Add("b");
        buffer.Add("c");

        Assert.Equal(["b", "c"], buffer.Lines);
    }

    [Fact]
    public void A_copys_ports_lie_below_those_that_the_kernel_hands_out()
    {
        var blocks = PortBlock.Candidates(remembered: null).Order().ToList();

        Assert.Equal(PortBlock.Count, blocks.Distinct().Count());
        Assert.Equal(PortBlock.First, blocks[0]);
        Assert.All(blocks, first => Assert.Equal(0, first % PortBlock.Size));
        Assert.True(blocks[^1] + PortBlock.Size <= 32_768);
    }

    [Fact]
    public void The_ports_of_last_time_are_tried_first() =>
        Assert.Equal(20_400, PortBlock.Candidates(20_400).First());

    [Fact]
    public void Two_copies_never_share_a_block_and_each_finds_its_own_again()
    {
        var path = Path.Combine(_folder.FullName, "ports.json");
        int first;
        using (var one = PortBlock.Claim(path))
        using (var other = PortBlock.Claim(Path.Combine(_folder.FullName, "other.json")))
        {
            Assert.NotEqual(one.Base, other.Base);
            Assert.Equal(one.Base, one.Next());
            Assert.Equal(one.Base + 1, one.Next());
            first = one.Base;
        }

        using var again = PortBlock.Claim(path);
        Assert.Equal(first, again.Base);
    }

    [Theory]
    [InlineData("   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1", 8080, "4711")]
    [InlineData("   1: 0100007F:1F90 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 4711 1", 8080, null)]
    [InlineData("   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1", 8081, null)]
    [InlineData("  sl  local_address rem_address   st", 8080, null)]
    public void Who_listens_is_read_from_the_kernels_table(string line, int port, string? inode) =>
        Assert.Equal(inode, PortOwner.ListeningInode(line, port));

    [Fact]
    public void A_process_is_read_whatever_it_calls_itself()
    {
        var entry = ProcessTable.Parse("42 (a) (b c) S 7 42 42 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 987654 0");

        Assert.Equal(new ProcessEntry(42, 7, 'S', 987_654), entry);
        Assert.True(entry?.IsAlive);
    }

    [Fact]
    public void Restarts_come_ever_later_and_end_at_twenty()
    {
        var budget = new RestartBudget();
        var now = DateTimeOffset.UnixEpoch;
        var delays = new List<TimeSpan?>();
        for (var i = 0; i < RestartBudget.MostRestarts + 1; i++)
        {
            var delay = budget.NextDelay(now);
            delays.Add(delay);
            now += delay ?? TimeSpan.Zero;
        }

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], delays.Take(7).Select(delay => delay?.TotalSeconds));
        Assert.Null(delays[^1]);
    }

    [Fact]
    public void A_program_that_held_out_is_restarted_at_once_again()
    {
        var budget = new RestartBudget();
        budget.NextDelay(DateTimeOffset.UnixEpoch);
        budget.NextDelay(DateTimeOffset.UnixEpoch.AddSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), budget.NextDelay(DateTimeOffset.UnixEpoch.AddMinutes(5)));
    }

    [Fact]
    public void Every_child_dies_with_the_host_and_out_of_the_terminals_reach()
    {
        Assert.Equal(
            ["setpriv", "--pdeathsig", "KILL", "--", "setsid", "/bin/api", "migrate"],
            new ProcessSpec("api", "/bin/api", ["migrate"]).Line);
        Assert.Equal(
            ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--inh-caps", "+dac_override", "--ambient-caps", "+dac_override", "--pdeathsig", "INT", "--", "setsid", "/bin/pg"],
            new ProcessSpec("pg", "/bin/pg", []) { User = "postgres", DeathSignal = Signal.Interrupt }.Line);
    }

    [Fact]
    public void A_secret_is_made_once_and_kept_for_its_owner_only()
    {
        var path = Path.Combine(_folder.FullName, "secrets.json");
        var made = new SecretFile(path).GetOrAdd("a", new GenerateParameterDefault { MinLength = 43, Special = false }.Generate);

        Assert.Matches("^[A-Za-z0-9]{43}$", made);
        Assert.Equal(made, new SecretFile(path).GetOrAdd("a", () => "another"));
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void Broken_secrets_are_never_replaced()
    {
        var path = Path.Combine(_folder.FullName, "secrets.json");
        File.WriteAllText(path, "{ \"a\": ");

        Assert.Throws<CannotStartException>(() => new SecretFile(path).GetOrAdd("a", () => "new"));
        Assert.Equal("{ \"a\": ", File.ReadAllText(path));
    }

    [Fact]
    public void Redis_gets_its_password_in_a_file_whatever_is_in_it() =>
        Assert.Contains("requirepass \"a\\\"b\\\\c d\"\n", RedisDriver.Configuration("/data", 6379, "a\"b\\c d"), StringComparison.Ordinal);

    [Theory]
    [InlineData(10, 9)]
    [InlineData(100, 90)]
    [InlineData(1_000_000, 4096)]
    public void The_stores_disk_is_sized_by_what_is_free(long freeGib, long diskGib) =>
        Assert.Equal(diskGib << 30, CephDriver.DiskBytes(freeGib << 30));

    [Fact]
    public void Too_small_a_disk_is_refused() =>
        Assert.Throws<CannotStartException>(() => CephDriver.DiskBytes(4L << 30));

    [Fact]
    public void A_folder_that_Ceph_cannot_live_with_is_reached_by_a_short_path()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "with spaces", new string('x', 120))).FullName;

        var paths = CephFolder.For(folder);

        Assert.True(paths.SocketOf("client.rgw").Length < 108);
        Assert.DoesNotContain(' ', paths.Configuration);
        Assert.Equal(folder, new DirectoryInfo(paths.Folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName);

        CephFolder.Leave(paths);

        Assert.False(Directory.Exists(paths.Sockets));
        Assert.True(Directory.Exists(folder));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Gives its bytes in small pieces, as a pipe does.</summary>
    private sealed class TrickleStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
