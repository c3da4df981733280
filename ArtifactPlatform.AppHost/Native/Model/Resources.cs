namespace ArtifactPlatform.NativeHosting;

/// <summary>Something the graph names: a value, a store or a service.</summary>
public interface IResource
{
    /// <summary>Unique in the graph; stands in log prefixes, file names and environment variables.</summary>
    string Name { get; }
}

/// <summary>A text that is known only once the platform starts: a port, a password, a connection string.</summary>
public interface IValueProvider
{
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>What the graph can hand to a service as <c>ConnectionStrings__name</c>.</summary>
public interface IResourceWithConnectionString : IResource, IValueProvider
{
    ReferenceExpression ConnectionStringExpression { get; }
}

public interface IResourceWithEnvironment : IResource;

public interface IResourceWithArgs : IResource;

public interface IResourceWithEndpoints : IResource;

public interface IResourceWithWaitSupport : IResource;

/// <summary>What the graph can hand to a service as <c>services__name__endpoint__0</c>.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>One resource's description, as <c>AppHost.cs</c> has given it.</summary>
public abstract class Resource(string name) : IResource
{
    public string Name { get; } = name;

    internal List<EndpointAnnotation> Endpoints { get; } = [];

    internal List<KeyValuePair<string, IValueProvider>> Environment { get; } = [];

    internal List<string> Arguments { get; } = [];

    internal List<WaitAnnotation> Waits { get; } = [];

    /// <summary>What it uses without waiting for it: stopped after it all the same.</summary>
    internal List<Resource> Uses { get; } = [];

    /// <summary>Path that answers 200 when it is healthy; null for one that is healthy once it runs.</summary>
    internal string? HealthPath { get; set; }

    /// <summary>False for a plain value, which nothing needs to be started for.</summary>
    internal virtual bool Runs => true;

    internal EndpointAnnotation Endpoint(string name) =>
        Endpoints.Find(endpoint => endpoint.Name == name)
        ?? throw new InvalidOperationException($"Resource '{Name}' has no endpoint '{name}'.");
}

/// <summary>A port that a resource listens on. <see cref="Port"/> null or 0: one of the copy's own block.</summary>
public sealed class EndpointAnnotation(string name)
{
    public string Name { get; } = name;

    public int? Port { get; set; }

    public int? TargetPort { get; set; }

    public bool IsExternal { get; set; }

    internal bool HasFixedPort => Port is > 0;

    /// <summary>Set before anything starts.</summary>
    internal int? AllocatedPort { get; set; }
}

internal enum WaitKind
{
    Healthy,
    Completion,
}

internal sealed record WaitAnnotation(Resource Dependency, WaitKind Kind, int ExitCode = 0);

/// <summary>A service: a project of this solution, run from its built executable.</summary>
public sealed class ProjectResource(string name, IProjectMetadata metadata)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    internal IProjectMetadata Metadata { get; } = metadata;

    /// <summary>The same service under another name, on ports that are still to be given.</summary>
    internal ProjectResource Copy(string name)
    {
        var copy = new ProjectResource(name, Metadata) { HealthPath = HealthPath };
        copy.Endpoints.AddRange(Endpoints.Select(endpoint => new EndpointAnnotation(endpoint.Name)));
        copy.Environment.AddRange(Environment);
        copy.Arguments.AddRange(Arguments);
        return copy;
    }
}

/// <summary>Where a project and what it was built into lie; implemented by the generated <c>Projects.*</c> classes.</summary>
public interface IProjectMetadata
{
    string ProjectPath { get; }

    string TargetPath { get; }
}

/// <summary>A container image, for which the native engine has to know a program of the same protocol.</summary>
public sealed class ContainerResource(string name, string image, string tag)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    internal string Image { get; } = image;

    internal string Tag { get; } = tag;
}

public sealed class PostgresServerResource(string name, ParameterResource password)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    internal const string UserName = "postgres";

    internal ParameterResource Password { get; } = password;

    public EndpointReference PrimaryEndpoint => new(this, "tcp");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(EndpointProperty.Port)};Username={UserName};Password={Password}");

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);
}

public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    public string DatabaseName { get; } = databaseName;

    public PostgresServerResource Parent { get; } = parent;

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{Parent.ConnectionStringExpression};Database={DatabaseName}");

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);
}

public sealed class RedisResource(string name, ParameterResource password)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    internal ParameterResource Password { get; } = password;

    public EndpointReference PrimaryEndpoint => new(this, "tcp");

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={Password}");

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);
}

/// <summary>A connection string that is put together from other resources' values.</summary>
public sealed class ConnectionStringResource(string name, ReferenceExpression expression)
    : Resource(name), IResourceWithConnectionString
{
    internal override bool Runs => false;

    public ReferenceExpression ConnectionStringExpression { get; } = expression;

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);
}
