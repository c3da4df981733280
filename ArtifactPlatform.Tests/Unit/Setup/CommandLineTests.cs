using ArtifactPlatform.Api.Setup;

namespace ArtifactPlatform.Tests.Unit.Setup;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Without_arguments_the_server_runs() => Assert.Equal((7, "", ""), await RunAsync());

    [Theory]
    [InlineData("--")]
    [InlineData("--", "doctor")]
    [InlineData("--", "migrate")]
    [InlineData("")]
    [InlineData("serve")]
    [InlineData("Doctor")]
    [InlineData("--urls", "http://localhost:9999")]
    [InlineData("[suggest]")]
    [InlineData("[diagram]", "doctor", "now")]
    [InlineData("@arguments")]
    [InlineData("doctor", "now")]
    [InlineData("doctor", "--", "now")]
    [InlineData("migrate", "--force")]
    [InlineData("rotate-signing-key", "rotate-signing-key")]
    [InlineData("quota")]
    [InlineData("quota", "c")]
    public async Task Arguments_that_are_not_understood_are_an_error_with_usage(params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(arguments);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("Usage:", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quota", "--help")]
    [InlineData("doctor", "--help")]
    [InlineData("migrate", "rotate-signing-key", "quota", "doctor", "-h")]
    public async Task Help_needs_no_setting(params string[] parts)
    {
        // The last case asks for the help of the program itself, which lists all commands.
        var arguments = parts.Length > 2 ? [parts[^1]] : parts;

        var (exitCode, output, error) = await RunAsync(arguments);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.All(parts[..^1], name => Assert.Contains(name, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--company", "c")]
    [InlineData("--company=c", "--views=5")]
    [InlineData("--company", "c", "--stored-bytes", "0", "--encode-minutes", "153722867280912", "--views", "9223372036854775807")]
    [InlineData("--views", "unlimited", "--company", "c", "--stored-bytes", "default")]
    public void Well_formed_quotas_are_read(params string[] options)
    {
        var parsed = CommandLine.Parse(["quota", .. options]);

        Assert.Empty(parsed.Errors);
        Assert.Equal("c", parsed.GetValue<string>("--company"));
    }

    [Theory]
    [InlineData("--company")]
    [InlineData("--company", "")]
    [InlineData("--company", "--views")]
    [InlineData("company", "c")]
    [InlineData("--company", "c", "--views", "-1")]
    [InlineData("--company", "c", "--views", "1.5")]
    [InlineData("--company", "c", "--views", "many")]
    [InlineData("--company", "c", "--views", "1", "--views", "2")]
    [InlineData("--company", "c", "--encode-minutes", "9223372036854775807")]
    [InlineData("--company", "c", "--downloads", "1")]
    public void Other_quotas_are_refused(params string[] options) => Assert.NotEmpty(CommandLine.Parse(["quota", .. options]).Errors);

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(arguments, () => Task.FromResult(7), output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}
