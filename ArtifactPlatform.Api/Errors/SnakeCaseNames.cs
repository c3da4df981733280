namespace ArtifactPlatform.Api.Errors;

/// <summary>Marks routes whose JSON is snake_case: errors name their fields so.</summary>
internal sealed class SnakeCaseNames
{
    public static readonly SnakeCaseNames Instance = new();

    private SnakeCaseNames()
    {
    }
}
