namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>Ends the process, with exit code 1 and a line for each thing that is missing, when ffmpeg can't do what the platform asks of it: better than failing every job.</summary>
internal sealed partial class RequireTools(ToolCheck check, IHostApplicationLifetime lifetime, ILogger<RequireTools> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var problems = await check.RunAsync(stoppingToken);
        foreach (var problem in problems)
        {
            LogProblem(logger, problem);
        }

        if (problems.Count > 0)
        {
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(LogLevel.Critical, "{Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);
}
