using System.Reflection;
using ArtifactPlatform.NativeHosting.Data;
using ArtifactPlatform.NativeHosting.Testing;
using Microsoft.Extensions.Configuration;

namespace ArtifactPlatform.NativeHosting;

/// <summary>Takes down the graph; the calls are Aspire's.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Environment, then command line.</summary>
    ConfigurationManager Configuration { get; }

    DistributedApplicationExecutionContext ExecutionContext { get; }

    IReadOnlyList<IResource> Resources { get; }

    internal SecretFile Secrets { get; }

    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    DistributedApplication Build();
}

/// <summary>The native engine only runs; publishing is Aspire's.</summary>
public sealed class DistributedApplicationExecutionContext
{
    public bool IsPublishMode { get; }

    public bool IsRunMode => !IsPublishMode;
}

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly TestingHook? _hook = TestingHook.Current;
    private readonly List<Resource> _resources = [];

    public DistributedApplicationBuilder(string[] args)
    {
        Configuration.AddEnvironmentVariables().AddCommandLine(args);
        Configuration.AddInMemoryCollection(_hook?.Configuration ?? []);
        DataRoot = Path.GetFullPath(Configuration["DATA_DIR"] is { Length: > 0 } chosen ? chosen : DefaultDataRoot());
        Configuration["Web:KeysPath"] ??= Path.Combine(DataRoot, "web-keys");
        Secrets = new SecretFile(Path.Combine(DataRoot, "secrets.json"));
        _hook?.Builder = this;
    }

    public ConfigurationManager Configuration { get; } = new();

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new();

    public IReadOnlyList<IResource> Resources => _resources;

    public SecretFile Secrets { get; }

    /// <summary>Variables that all services get, whatever the graph says.</summary>
    internal Dictionary<string, string?> ServiceEnvironment { get; } = [];

    internal string DataRoot { get; }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (resource is not Resource description)
        {
            throw new NotSupportedException($"The native engine cannot run a {resource.GetType().Name}.");
        }

        if (_resources.Exists(other => other.Name == resource.Name))
        {
            throw new InvalidOperationException($"There are two resources '{resource.Name}'.");
        }

        _resources.Add(description);
        return new ResourceBuilder<T>(this, resource);
    }

    /// <summary>Under a test the graph goes to the test, which builds it; nothing after this call runs.</summary>
    public DistributedApplication Build() =>
        _hook is null ? new DistributedApplication(this, showLogs: true) : throw new GraphTakenException();

    internal DistributedApplication BuildForTest(bool showLogs) => new(this, showLogs);

    internal IReadOnlyList<Resource> Described => _resources;

    /// <summary>Beside the solution.</summary>
    private static string DefaultDataRoot()
    {
        var project = typeof(DistributedApplicationBuilder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == "apphostprojectpath")?.Value;
        return Path.Combine(project is null ? "." : Path.Combine(project, ".."), ".data");
    }
}
