namespace ArtifactPlatform.NativeHosting.Testing;

/// <summary>
/// Lets a test call the host's real entry point and keep the graph that it describes. It flows with the call
/// (AsyncLocal), so that tests side by side don't see each other's.
/// </summary>
internal sealed class TestingHook(IEnumerable<KeyValuePair<string, string?>> configuration)
{
    private static readonly AsyncLocal<TestingHook?> Flowing = new();

    public static TestingHook? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    /// <summary>Overrules environment and command line.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Configuration { get; } = configuration;

    public DistributedApplicationBuilder? Builder { get; set; }
}

/// <summary>Thrown out of <c>Build()</c>: the graph is complete, and the entry point has done its part.</summary>
internal sealed class GraphTakenException : Exception;
