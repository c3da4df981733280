using ArtifactPlatform.NativeHosting.Processes;

namespace ArtifactPlatform.NativeHosting.Running;

/// <summary>Runs a project of the solution from its built executable.</summary>
internal sealed class ProjectDriver(ProjectResource project, bool oneShot, EngineContext engine) : ResourceDriver(project, engine)
{
    /// <summary>A service drains: it finishes or hands back what it is at.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(20);

    /// <summary>Not "unhealthy" but "will not come": services retry what they need by themselves.</summary>
    private static readonly TimeSpan HealthLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan OneShotLimit = TimeSpan.FromMinutes(10);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public override bool IsOneShot => oneShot;

    public override async Task StartAsync(CancellationToken ct)
    {
        var spec = await SpecAsync(ct);
        if (oneShot)
        {
            await RunToEndAsync(spec, ct);
            return;
        }

        await SuperviseAsync(spec, ct);
        await WaitForUsedAsync(ct);
        await WaitUntilHealthyAsync(ct);
    }

    protected override Task WaitUntilHealthyAsync(CancellationToken ct) =>
        project.HealthPath is null || project.Endpoints.Count == 0
            ? Task.CompletedTask
            : WaitUntil.TrueAsync($"{project.Name} did not become healthy", AnswersAsync, HealthLimit, Engine.Time, ct);

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            var endpoint = new EndpointReference(project, project.Endpoints[0].Name);
            using var response = await Http.GetAsync(new Uri(endpoint.Url + project.HealthPath), ct);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task RunToEndAsync(ProcessSpec spec, CancellationToken ct)
    {
        var child = await Engine.Launcher.StartAsync(spec, Log.Write);
        try
        {
            var exitCode = await child.Exited.WaitAsync(OneShotLimit, Engine.Time, ct);
            if (exitCode != 0)
            {
                throw new CannotStartException($"{project.Name} failed with exit code {exitCode}; its log says why: {Engine.Data.Logs}/{project.Name}.log");
            }
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            await child.StopAsync(spec.StopSignal, spec.Grace, Engine.Time);
            ct.ThrowIfCancellationRequested();
            throw new CannotStartException($"{project.Name} did not end within {OneShotLimit.TotalMinutes:0} minutes", e);
        }
    }

    private async Task<ProcessSpec> SpecAsync(CancellationToken ct)
    {
        var executable = Path.ChangeExtension(project.Metadata.TargetPath, null);
        if (!File.Exists(executable))
        {
            throw new CannotStartException($"{executable} is missing; build the solution first");
        }

        return new ProcessSpec(project.Name, executable, project.Arguments)
        {
            Environment = await ProjectEnvironment.ChangesAsync(
                project, Engine.ServiceEnvironment, Environment.GetEnvironmentVariables(), ct),
            // Where 'dotnet run' would start it: its appsettings.json and wwwroot lie there.
            WorkingDirectory = Path.GetDirectoryName(project.Metadata.ProjectPath) ?? "/",
            Grace = Drain,
        };
    }
}
