namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>Adds to a plain Aspire host what <c>run.sh</c> promises: one data folder, logs, supervision, an orderly stop.</summary>
internal static class PlatformHost
{
    public static IDistributedApplicationBuilder AddPlatformHost(this IDistributedApplicationBuilder builder, HostSettings host)
    {
        if (host.Data is not { } data)
        {
            return builder;
        }

        // Created by a factory, so that it ends with the host.
        builder.Services.AddSingleton(_ => data);
        builder.Services.AddSingleton<RunningResources>();
        builder.Services.AddSingleton<ResourceLogs>();
        builder.Services.AddSingleton<Supervisor>();
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(services => services.GetRequiredService<ResourceLogs>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<Supervisor>());
        builder.Services.AddHostedService<OrderedStop>();
        if (HostSettings.IsOwnProcess)
        {
            builder.Services.AddSingleton<OrchestratorWatch>();
            builder.Services.AddHostedService(services => services.GetRequiredService<OrchestratorWatch>());
        }

        // Not BeforeStartEvent: Aspire adds its dashboard to the model after it.
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>((started, ct) =>
        {
            if (started.Resource is ExecutableResource or ProjectResource)
            {
                started.Resource.Annotations.Add(new EnvironmentCallbackAnnotation(context => context.EnvironmentVariables[Leftovers.Marker] = data.Root));
            }

            return Task.CompletedTask;
        });
        return builder;
    }

    /// <summary>A secret of the graph: from the configuration (<c>Parameters:NAME</c>), else kept in the data folder.</summary>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, HostSettings host, string name)
    {
        // Names of environment variables hold no dash.
        builder.Configuration[$"Parameters:{name}"] ??= builder.Configuration[$"Parameters:{name.Replace('-', '_')}"] ?? host.Data?.Secret(name);
        return builder.AddParameter(name, new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true);
    }

    /// <summary>Runs until Ctrl-C or SIGTERM.</summary>
    /// <exception cref="CannotStartException">The platform could not start or lost its orchestrator.</exception>
    public static int RunToExitCode(this DistributedApplication app)
    {
        // A published manifest has no supervisor.
        var supervisor = app.Services.GetService<Supervisor>();
        BackgroundService?[] own = [supervisor, app.Services.GetService<ResourceLogs>(), app.Services.GetService<OrchestratorWatch>()];
        app.Run();
        // One that throws ends the host, which by itself would give no reason.
        var fault = own.Select(service => service?.ExecuteTask?.Exception?.GetBaseException().Message).FirstOrDefault(message => message is not null);
        return (supervisor?.Failure ?? fault) is { } failure ? throw new CannotStartException(failure) : 0;
    }
}
