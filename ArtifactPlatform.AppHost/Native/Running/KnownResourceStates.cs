namespace ArtifactPlatform.NativeHosting;

/// <summary>The states a resource goes through; names as in Aspire.</summary>
public static class KnownResourceStates
{
    public const string NotStarted = "NotStarted";

    /// <summary>For what it waits for.</summary>
    public const string Waiting = "Waiting";
    public const string Starting = "Starting";

    /// <summary>And healthy.</summary>
    public const string Running = "Running";

    /// <summary>A one-shot that has ended well.</summary>
    public const string Finished = "Finished";

    /// <summary>Stopped, or died too often.</summary>
    public const string Exited = "Exited";

    /// <summary>Died or frozen, and not healthy again yet.</summary>
    public const string RuntimeUnhealthy = "RuntimeUnhealthy";
    public const string FailedToStart = "FailedToStart";
}
