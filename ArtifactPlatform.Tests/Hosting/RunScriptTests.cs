using System.Runtime.Versioning;

namespace ArtifactPlatform.Tests.Hosting;

/// <summary>What <c>run.sh</c> answers when it starts nothing. Its commands on a running platform are in HostProcessTests.</summary>
[SupportedOSPlatform("linux")]
public sealed class RunScriptTests : IDisposable
{
    private readonly HostFolder _folder = new();
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_names_every_command_and_setting(string option)
    {
        var (exitCode, output) = await RunningHost.RunScriptAsync(_folder.Data, ct, option);

        Assert.Equal(0, exitCode);
        Assert.All(["doctor", "migrate", "quota", "rotate-signing-key", "API_PORT", "DATA_DIR", "STORES"], word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docter")]
    [InlineData("--port")]
    [InlineData("")]
    public async Task What_is_not_a_command_is_an_error_with_usage(string argument)
    {
        var (exitCode, output) = await RunningHost.RunScriptAsync(_folder.Data, ct, argument);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"run.sh: '{argument}' is not a command\nUsage: ./run.sh", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commands_own_help_needs_no_platform()
    {
        var (exitCode, output) = await RunningHost.RunScriptAsync(_folder.Data, ct, "quota", "--help");

        Assert.Equal(0, exitCode);
        Assert.Contains("--company", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_without_a_platform_says_what_to_start()
    {
        var (exitCode, output) = await RunningHost.RunScriptAsync(_folder.Data, ct, "doctor");
        Assert.Equal((1, $"no platform has been started in DATA_DIR {_folder.Data}; start it with ./run.sh, or set DATA_DIR\n"), (exitCode, output));

        Directory.CreateDirectory(_folder.Data);
        await File.WriteAllTextAsync(_folder.PathOf("api.env"), "", ct);
        (exitCode, output) = await RunningHost.RunScriptAsync(_folder.Data, ct, "doctor");
        Assert.Equal((1, $"the platform in DATA_DIR {_folder.Data} is not running; start it with ./run.sh\n"), (exitCode, output));
    }

    public void Dispose() => _folder.Dispose();
}
