namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>The Api's own commands as commands of its resource. <c>run.sh</c> runs the same from the shell.</summary>
internal static class ApiCommands
{
    /// <summary>The slowest, the storage health check, takes seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The options of <c>quota</c>; those that are left empty stay as they are.</summary>
    private static readonly InteractionInput[] QuotaOptions =
    [
        new() { Name = "company", Label = "Company", InputType = InputType.Text, Required = true, Description = "Its id, as on the page Usage." },
        new() { Name = "stored-bytes", Label = "Stored bytes", InputType = InputType.Text, Placeholder = "a number, unlimited or default" },
        new() { Name = "encode-minutes", Label = "Encode minutes a month", InputType = InputType.Text, Placeholder = "a number, unlimited or default" },
        new() { Name = "views", Label = "Views a month", InputType = InputType.Text, Placeholder = "a number, unlimited or default" },
    ];

    public static IResourceBuilder<ProjectResource> WithApiCommands(this IResourceBuilder<ProjectResource> api) => api
        .WithApiCommand("doctor", "Storage health check", "Tries everything that the platform needs of its object store.", "Stethoscope")
        .WithApiCommand("migrate", "Migrate", "Applies missing migrations and creates the bucket.", "DatabaseArrowUp")
        .WithApiCommand("quota", "Quota", "Shows what one company may use, and sets it.", "Gauge", QuotaOptions)
        .WithApiCommand("rotate-signing-key", "Rotate signing key", "Signs access tokens with a new key; tokens that were issued stay valid.", "KeyReset");

    private static IResourceBuilder<ProjectResource> WithApiCommand(this IResourceBuilder<ProjectResource> api, string command, string title, string description, string icon, params InteractionInput[] options) =>
        api.WithCommand(command, title, context => RunAsync(api.Resource, command, context), new CommandOptions { Description = description, IconName = icon, Arguments = options });

    private static async Task<ExecuteCommandResult> RunAsync(ProjectResource api, string command, ExecuteCommandContext context)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(Limit);
        var options = context.Arguments.Where(option => !string.IsNullOrWhiteSpace(option.Value)).SelectMany(option => new[] { $"--{option.Name}", option.Value! });
        var result = await Cli.Wrap(api.Annotations.OfType<ExecutableAnnotation>().Last().Command)
            .WithArguments([command, .. options])
            .WithEnvironmentVariables(context.Services.GetRequiredService<RunningResources>().EnvironmentOf(api.Name))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(limit.Token);
        var output = result.StandardOutput + result.StandardError;
        context.Services.GetRequiredService<ResourceLoggerService>().GetLogger(context.ResourceName).LogInformation("{Command} ended with exit code {ExitCode}:\n{Output}", command, result.ExitCode, output);
        return result.IsSuccess ? CommandResults.Success($"{command} succeeded", output, CommandResultFormat.Text, displayImmediately: true) : CommandResults.Failure(output);
    }
}
