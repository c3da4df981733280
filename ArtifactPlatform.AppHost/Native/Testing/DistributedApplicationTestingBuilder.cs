using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ArtifactPlatform.NativeHosting.Testing;

/// <summary>Describes the platform for a test by running the host's own entry point; the calls are those of Aspire.Hosting.Testing.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <typeparam name="TEntryPoint">The host: <c>Projects.ArtifactPlatform_AppHost</c>.</typeparam>
    public static Task<TestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <param name="args">The host's command line: <c>--name=value</c> for any setting of its configuration.</param>
    public static Task<TestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        var entryPoint = typeof(TEntryPoint).Assembly.EntryPoint
            ?? throw new ArgumentException($"{typeof(TEntryPoint).Assembly.GetName().Name} has no entry point.");
        var data = new TestDataFolder();
        TestingHook.Current = new TestingHook(data.Settings(args));
        try
        {
            entryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [args], culture: null);
        }
        catch (GraphTakenException) when (TestingHook.Current is { Builder: { } builder })
        {
            return Task.FromResult(new TestingBuilder(builder, data));
        }
        finally
        {
            TestingHook.Current = null;
        }

        throw new InvalidOperationException("The host ended without building its graph.");
    }
}

/// <summary>The graph as the host described it, before a test starts it.</summary>
public sealed class TestingBuilder
{
    private readonly DistributedApplicationBuilder _builder;
    private readonly TestDataFolder _data;

    internal TestingBuilder(DistributedApplicationBuilder builder, TestDataFolder data)
    {
        _builder = builder;
        _data = data;
    }

    public ConfigurationManager Configuration => _builder.Configuration;

    /// <summary>Variables that every service gets, and that win over the graph's: <c>["Worker__Concurrency"] = "1"</c>.</summary>
    public IDictionary<string, string?> ServiceEnvironment => _builder.ServiceEnvironment;

    /// <summary>To add to what the host said of one resource, with the host's own calls (<c>WithEnvironment</c> …).</summary>
    public IResourceBuilder<T> CreateResourceBuilder<T>(string name)
        where T : class, IResource =>
        new ResourceBuilder<T>(_builder, _builder.Resources.OfType<T>().First(resource => resource.Name == name));

    public Task<TestedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new TestedApplication(_builder.BuildForTest(showLogs: false), _data));
}
