namespace ArtifactPlatform.Core.Storage.Doctor;

/// <summary>The store does not do what the platform needs.</summary>
/// <param name="detail">What was seen.</param>
/// <param name="advice">What to change.</param>
internal sealed class CheckFailedException(string detail, string advice) : Exception(detail)
{
    public string Advice { get; } = advice;
}
