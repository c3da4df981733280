namespace ArtifactPlatform.Api.Errors;

/// <summary>What a tag may be; how many there may be stands in the contract records.</summary>
internal static class TagRules
{
    private const int MaxLength = 64;

    public static BadRequestError? Check(IReadOnlyList<string>? tags)
    {
        for (var i = 0; i < (tags?.Count ?? 0); i++)
        {
            if (tags![i] is not { Length: > 0 and <= MaxLength } tag || tag.Any(char.IsControl))
            {
                return Error.Bad(Error.InvalidParameter($"tags[{i}]", $"A tag has 1 to {MaxLength} characters, none of them a control character."));
            }
        }

        return null;
    }
}
