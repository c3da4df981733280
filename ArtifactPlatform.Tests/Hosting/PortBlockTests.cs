using System.Net;
using System.Net.Sockets;
using ArtifactPlatform.AppHost.Hosting;

namespace ArtifactPlatform.Tests.Hosting;

/// <summary>Other platforms claim blocks meanwhile: a test relies only on those that it holds.</summary>
public sealed class PortBlockTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ap-ports-").FullName;

    [Fact]
    public void Blocks_that_are_claimed_at_once_never_overlap()
    {
        var blocks = Enumerable.Range(0, 5).Select(i => PortBlock.Claim(File($"{i}"))).ToList();
        var ports = blocks.ConvertAll(block =>
        {
            var (from, to) = block.Rest;
            return Enumerable.Range(0, 20).Select(_ => block.Next()).Concat(Enumerable.Range(from, to - from + 1)).ToList();
        });
        blocks.ForEach(block => block.Dispose());

        var all = ports.SelectMany(list => list).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, port => Assert.InRange(port, PortBlock.First, PortBlock.First + (PortBlock.Count * PortBlock.Size) - 1));
        Assert.All(ports, list => Assert.Single(list.Select(port => port / PortBlock.Size).Distinct()));
    }

    [Fact]
    public void The_block_of_last_time_comes_back()
    {
        (int, int) before;
        using (var block = PortBlock.Claim(File("kept")))
        {
            before = block.Rest;
        }

        using var again = PortBlock.Claim(File("kept"));

        Assert.Equal(before, again.Rest);
    }

    [Fact]
    public void A_block_in_use_gives_way_to_another_which_is_remembered_instead()
    {
        using var first = PortBlock.Claim(File("first"));
        System.IO.File.Copy(File("first"), File("second"));

        using var second = PortBlock.Claim(File("second"));

        Assert.NotEqual(first.Rest, second.Rest);
        Assert.Equal(second.Rest.From - (PortBlock.Size / 2), int.Parse(System.IO.File.ReadAllText(File("second")), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("many")]
    [InlineData("-1")]
    [InlineData("80")]
    public void A_memory_that_names_no_block_is_forgotten(string memory)
    {
        System.IO.File.WriteAllText(File("odd"), memory);

        using var block = PortBlock.Claim(File("odd"));

        Assert.InRange(block.Next(), PortBlock.First + 1, PortBlock.First + (PortBlock.Count * PortBlock.Size) - 1);
        Assert.NotEqual(memory, System.IO.File.ReadAllText(File("odd")));
    }

    [Fact]
    public void A_port_on_which_somebody_listens_is_left_out()
    {
        using var block = PortBlock.Claim(File("squatted"));
        using var squatter = new TcpListener(IPAddress.Loopback, block.Next() + 1);
        squatter.Start();

        Assert.True(block.Next() > ((IPEndPoint)squatter.LocalEndpoint).Port);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string File(string name) => Path.Combine(_root, name);
}
