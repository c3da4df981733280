namespace ArtifactPlatform.Core.Docks;

/// <summary>SHA-256 as the contract writes it: <c>sha256:</c> and 64 lower-case hex digits.</summary>
public static class ContentHash
{
    private const string Prefix = "sha256:";

    /// <param name="hash">64 hex digits, with or without the prefix, in any case of letters; null stays null.</param>
    public static string? Normalize(string? hash) => hash is null ? null : Prefix + HexOf(hash).ToLowerInvariant();

    public static string Of(ReadOnlySpan<byte> sha256) => Prefix + Convert.ToHexStringLower(sha256);

    /// <summary>RFC 9530's form, for <c>Repr-Digest</c>.</summary>
    public static string ToDigestHeader(string hash) => $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(HexOf(hash)))}:";

    private static string HexOf(string hash) => hash.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? hash[Prefix.Length..] : hash;
}
