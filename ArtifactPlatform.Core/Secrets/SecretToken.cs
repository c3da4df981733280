using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ArtifactPlatform.Core.Secrets;

/// <summary>Bearer secrets: 256 random bits behind a prefix that says what they are. Only the SHA-256 is stored.</summary>
public static class SecretToken
{
    public const string ApiKeyPrefix = "ak_live_";
    public const string SessionPrefix = "ses_";
    public const string InvitationPrefix = "join_";
    public const string MachineSecretPrefix = "mcs_";

    /// <summary>How much of an API key may be shown again: the prefix and four characters, too few to guess from.</summary>
    private const int ShownCharacters = 12;

    public static string New(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256, 32 bytes. A slow hash adds nothing to 256 random bits.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public static string Shown(string token) => token[..Math.Min(ShownCharacters, token.Length)];
}
