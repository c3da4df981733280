namespace ArtifactPlatform.Client;

/// <summary>Forms of text that several requests ask for.</summary>
internal static class ContractPatterns
{
    /// <summary>Anything in any script, but no C0 or C1 control character: those break lists, logs and headers.</summary>
    public const string NoControlCharacters = @"^\P{Cc}*$";

    public const string NoControlCharactersMessage = "The field {0} must not contain control characters.";
}
