namespace ArtifactPlatform.NativeHosting;

/// <summary>Why the platform cannot run, as one line for the person who started it: what is wrong and what to do.</summary>
public sealed class CannotStartException : Exception
{
    public CannotStartException(string message)
        : base(message)
    {
    }

    public CannotStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public CannotStartException()
    {
    }
}
