using CliWrap;
using Microsoft.Extensions.Logging;

namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>Runs a step that prepares a store, such as initdb; its command line and output go to the resource's log.</summary>
internal static class Command
{
    /// <summary>The slowest, creating an OSD on a slow disk, takes seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <exception cref="DistributedApplicationException">It ended with another exit code than 0.</exception>
    public static async Task RunAsync(ILogger log, string[] line, CancellationToken ct, (string Variable, string Text, string Secret)? hidden = null)
    {
        if (await TryAsync(log, line, ct, hidden) is var exitCode and not 0)
        {
            throw new DistributedApplicationException($"{Path.GetFileName(line[0])} ended with exit code {exitCode}");
        }
    }

    /// <param name="hidden">A variable that holds a secret, which everybody could read on the command line; in the log it is asterisks.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> TryAsync(ILogger log, string[] line, CancellationToken ct, (string Variable, string Text, string Secret)? hidden = null)
    {
        var output = PipeTarget.ToDelegate(text => log.LogInformation("{Line}", hidden is { } some ? text.Replace(some.Secret, "***", StringComparison.Ordinal) : text));
        log.LogInformation("{Command}", string.Join(' ', line));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        var result = await Cli.Wrap(line[0]).WithArguments(line[1..]).WithWorkingDirectory("/").WithStandardOutputPipe(output).WithStandardErrorPipe(output)
            .WithEnvironmentVariables(hidden is { } variable ? new Dictionary<string, string?> { [variable.Variable] = variable.Text } : [])
            .WithValidation(CommandResultValidation.None).ExecuteAsync(limit.Token);
        return result.ExitCode;
    }
}
