namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>The Api's own commands as commands of its resource. <c>run.sh</c> runs the same from the shell.</summary>
internal static class ApiCommands
{
    /// <summary>The slowest, the storage health check, takes seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static IResourceBuilder<ProjectResource> WithApiCommands(this IResourceBuilder<ProjectResource> api) => api
        .WithApiCommand("doctor", "Storage health check", "Tries everything that the platform needs of its object store.", "Stethoscope")
        .WithApiCommand("migrate", "Migrate", "Applies missing migrations and creates the bucket.", "DatabaseArrowUp")
        .WithApiCommand("rotate-signing-key", "Rotate signing key", "Signs access tokens with a new key; tokens that were issued stay valid.", "KeyReset");

    private static IResourceBuilder<ProjectResource> WithApiCommand(this IResourceBuilder<ProjectResource> api, string command, string title, string description, string icon) =>
        api.WithCommand(command, title, context => RunAsync(api.Resource, command, context), new CommandOptions { Description = description, IconName = icon });

    private static async Task<ExecuteCommandResult> RunAsync(ProjectResource api, string command, ExecuteCommandContext context)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(Limit);
        var result = await Cli.Wrap(api.Annotations.OfType<ExecutableAnnotation>().Last().Command)
            .WithArguments([command])
            .WithEnvironmentVariables(context.Services.GetRequiredService<RunningResources>().EnvironmentOf(api.Name))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(limit.Token);
        var output = result.StandardOutput + result.StandardError;
        context.Services.GetRequiredService<ResourceLoggerService>().GetLogger(context.ResourceName).LogInformation("{Command} ended with exit code {ExitCode}:\n{Output}", command, result.ExitCode, output);
        return result.IsSuccess ? CommandResults.Success() : CommandResults.Failure(output);
    }
}
