namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>The source or the file is at fault: trying again changes nothing until a person does.</summary>
/// <param name="code">Becomes the artifact's <c>errorCode</c>.</param>
/// <param name="message">Becomes its <c>errorMessage</c>: what is wrong and what to change.</param>
public sealed class IngestFailedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>Something outside does not work at the moment: worth another attempt.</summary>
/// <param name="code">Becomes the artifact's <c>errorCode</c> if no attempt succeeds.</param>
/// <param name="message">Likewise its <c>errorMessage</c>.</param>
/// <param name="after">Not before this long, if the other side said so.</param>
public sealed class IngestDelayedException(string code, string message, TimeSpan? after = null) : Exception(message)
{
    public string Code { get; } = code;

    public TimeSpan? After { get; } = after;
}
