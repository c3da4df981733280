namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>Runs a step that prepares a store, such as initdb; its command line and output go to the resource's log.</summary>
internal static class Command
{
    /// <summary>The slowest, creating an OSD on a slow disk, takes seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <param name="environment">Where secrets go: everybody can read a command line.</param>
    /// <exception cref="DistributedApplicationException">It ended with another exit code than 0.</exception>
    public static async Task RunAsync(ILogger log, string[] line, CancellationToken ct, Dictionary<string, string?>? environment = null)
    {
        var output = PipeTarget.ToDelegate(text => log.LogInformation("{Line}", text));
        log.LogInformation("{Command}", string.Join(' ', line));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        var result = await Cli.Wrap(line[0]).WithArguments(line[1..]).WithEnvironmentVariables(environment ?? []).WithWorkingDirectory("/")
            .WithStandardOutputPipe(output).WithStandardErrorPipe(output).WithValidation(CommandResultValidation.None).ExecuteAsync(limit.Token);
        if (!result.IsSuccess)
        {
            throw new DistributedApplicationException($"{Path.GetFileName(line[0])} ended with exit code {result.ExitCode}");
        }
    }
}
