namespace ArtifactPlatform.Client;

/// <summary>Forms of text that several requests ask for.</summary>
internal static class ContractPatterns
{
    /// <summary>Anything in any script, but no C0 or C1 control character: those break lists, logs and headers.</summary>
    public const string NoControlCharacters = @"^\P{Cc}*$";

    public const string NoControlCharactersMessage = "The field {0} must not contain control characters.";

    /// <summary>An e-mail address as people have them: no white space, one @, no empty part in the domain. Whether it takes mail, only mail can tell.</summary>
    public const string EmailAddress = @"^[^\s\p{Cc}@]+@[^\s\p{Cc}@.]+(\.[^\s\p{Cc}@.]+)*$";

    public const string EmailAddressMessage = "The field {0} must be an e-mail address, as kim@example.com.";

    /// <summary>For a number without an upper bound: the framework's own words would name the largest that a type can hold.</summary>
    public const string AtLeastMessage = "The field {0} must be {1} or more.";

    /// <summary>For lists: the framework's own words speak of strings and collection types.</summary>
    public const string EntriesMessage = "The field {0} must have at least one entry, and at most {2}.";

    /// <summary>For lists that may be empty.</summary>
    public const string MaxEntriesMessage = "The field {0} must have at most {1} entries.";
}
