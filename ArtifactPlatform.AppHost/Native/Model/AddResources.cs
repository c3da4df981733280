namespace ArtifactPlatform.NativeHosting;

public static class PostgresBuilderExtensions
{
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password)
    {
        var server = new PostgresServerResource(name, password.Resource);
        server.Endpoints.Add(new EndpointAnnotation("tcp"));
        return builder.AddResource(server);
    }

    /// <summary>Always kept, in the data folder.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null) => builder;

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        database.Waits.Add(new WaitAnnotation(builder.Resource, WaitKind.Healthy));
        return builder.ApplicationBuilder.AddResource(database);
    }
}

public static class RedisBuilderExtensions
{
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port, IResourceBuilder<ParameterResource> password)
    {
        var server = new RedisResource(name, password.Resource);
        server.Endpoints.Add(new EndpointAnnotation("tcp") { Port = port });
        return builder.AddResource(server);
    }

    /// <summary>Always kept, in the data folder.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null) =>
        builder;
}

public static class ContainerResourceBuilderExtensions
{
    public static IResourceBuilder<ContainerResource> AddContainer(
        this IDistributedApplicationBuilder builder, string name, string image, string tag) =>
        builder.AddResource(new ContainerResource(name, image, tag));

    /// <summary>Always kept, in the data folder.</summary>
    public static IResourceBuilder<ContainerResource> WithVolume(
        this IResourceBuilder<ContainerResource> builder, string? name, string target) => builder;
}

public static class ProjectResourceBuilderExtensions
{
    /// <param name="launchProfileName">Null for one that listens to nobody; else it has an endpoint <c>http</c>.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        var project = new ProjectResource(name, new TProject());
        if (launchProfileName is not null)
        {
            project.Endpoints.Add(new EndpointAnnotation("http"));
        }

        return builder.AddResource(project);
    }
}

public static class DockerComposePublisher
{
    /// <summary>Publishing is Aspire's: <c>aspire publish</c>. The native engine only runs.</summary>
    public static void AddDockerComposeEnvironment(this IDistributedApplicationBuilder builder, string name) =>
        throw new NotSupportedException("The native engine does not publish; use 'aspire publish'.");
}
