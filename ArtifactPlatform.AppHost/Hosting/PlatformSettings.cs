namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>What Api and Worker are given alike.</summary>
internal sealed record PlatformSettings(
    IResourceBuilder<IResourceWithConnectionString> Database, IResourceBuilder<IResourceWithConnectionString> Redis, IResourceBuilder<IResourceWithConnectionString> ObjectStore,
    IResourceBuilder<ParameterResource> MasterKey, IResourceBuilder<ParameterResource> EventsToken, EndpointReference Store, EndpointReference Api, IConfiguration Configuration)
{
    /// <summary>Where browsers and integrators reach the store: presigned URLs carry it. Chosen where that is not the address which the services use.</summary>
    public ReferenceExpression StorePublicUrl => Chosen("Storage:PublicEndpoint", Store);

    /// <summary>Where players and browsers reach the Api: the addresses in video objects begin with it.</summary>
    public ReferenceExpression ApiPublicUrl => Chosen("Playback:PublicUrl", Api);

    private ReferenceExpression Chosen(string setting, EndpointReference otherwise) =>
        Configuration[setting] is { Length: > 0 } chosen ? ReferenceExpression.Create($"{chosen}") : ReferenceExpression.Create($"{otherwise}");
}

internal static class PlatformSettingsExtensions
{
    /// <summary>
    /// The garbage collector sizes its youngest generation by the processor's cache, hundreds of megabytes on some servers: more than a
    /// service needs in all. 16 MiB, which the runtime takes from the environment alone.
    /// </summary>
    private const string Gen0Size = "0x1000000";

    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Stores, secrets and addresses of Api and Worker.</summary>
    public static IResourceBuilder<ProjectResource> WithPlatformSettings(this IResourceBuilder<ProjectResource> service, PlatformSettings settings) => service
        .WithReference(settings.Database)
        .WithReference(settings.Redis)
        .WithReference(settings.ObjectStore)
        .WithEnvironment("Secrets__MasterKey", settings.MasterKey)
        .WithEnvironment("Storage__EventsToken", settings.EventsToken)
        .WithEnvironment("Storage__EventsUrl", ReferenceExpression.Create($"{settings.Api}/internal/s3-events"))
        .WithEnvironment("Storage__PublicEndpoint", settings.StorePublicUrl)
        .WithEnvironment("Playback__PublicUrl", settings.ApiPublicUrl)
        .AsService();

    /// <summary>An HTTP endpoint with a health check; several replicas share the port through DCP's proxy.</summary>
    public static IResourceBuilder<ProjectResource> WithHttp(this IResourceBuilder<ProjectResource> service, int? port, int replicas) => service
        .WithHttpEndpoint(port: port, name: "http", isProxied: replicas > 1 || port is null)
        .WithHttpHealthCheck("/health", endpointName: "http")
        .WithReplicas(replicas);

    /// <summary>A setting of the host's own configuration that a service gets when there is one.</summary>
    public static IResourceBuilder<ProjectResource> WithSetting(this IResourceBuilder<ProjectResource> service, string name) =>
        service.ApplicationBuilder.Configuration[name] is { Length: > 0 } value ? service.WithEnvironment(name.Replace(":", "__", StringComparison.Ordinal), value) : service;

    /// <summary>How every service runs: from its built program, with less memory and without Aspire's settings for development.</summary>
    public static IResourceBuilder<ProjectResource> AsService(this IResourceBuilder<ProjectResource> service)
    {
        var path = service.Resource.GetProjectMetadata().ProjectPath;
        if (service.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            // Without "dotnet run" in between: a process and some 150 MB less, and a second or two sooner.
            service.WithAnnotation(new ExecutableAnnotation { Command = BuiltProgram(path), WorkingDirectory = Path.GetDirectoryName(path) ?? "/" });
        }

        return service
            // Only a person knows whether there is a proxy whose headers can be trusted.
            .DisableForwardedHeaders()
            .WithEnvironment("DOTNET_GCgen0size", Gen0Size)
            // Aspire asks for whole URLs in traces; presigned ones are secrets.
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "false")
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "false")
            .WithTelemetry();
    }

    /// <summary>To where the person chose, else to Aspire's dashboard, which need not be there.</summary>
    private static IResourceBuilder<ProjectResource> WithTelemetry(this IResourceBuilder<ProjectResource> service) =>
        (service.ApplicationBuilder.Configuration["AppHost:BrowserToken"] is { Length: > 0 } ? service : service.WithEnvironment(context => context.EnvironmentVariables.Remove(OtlpEndpoint)))
            .WithSetting(OtlpEndpoint);

    /// <summary>The path of a project's executable, of the same configuration and framework as this assembly (".../bin/Release/net10.0/").</summary>
    public static string BuiltProgram(string projectPath)
    {
        var output = new DirectoryInfo(Path.GetDirectoryName(typeof(PlatformSettings).Assembly.Location) ?? "/");
        return Path.Combine(Path.GetDirectoryName(projectPath) ?? "/", "bin", output.Parent?.Name ?? "Release", output.Name, Path.GetFileNameWithoutExtension(projectPath));
    }
}
