using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ArtifactPlatform.Core.Webhooks;

/// <summary>Secrets and signatures as the Standard Webhooks specification has them (spec/standard-webhooks.md, read 2026-11).</summary>
public static class WebhookSignature
{
    public const string SecretPrefix = "whsec_";

    /// <summary>The specification asks for 24 to 64.</summary>
    private const int SecretBytes = 32;

    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The value of <c>webhook-signature</c>: one signature for each secret, separated by spaces.</summary>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="sentAt">Signed in whole seconds, as <c>webhook-timestamp</c> has it.</param>
    /// <param name="body">The very bytes that are sent.</param>
    public static string Sign(IEnumerable<string> secrets, string id, DateTimeOffset sentAt, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{sentAt.ToUnixTimeSeconds()}.")), .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), signed))}"));
    }

    private static byte[] KeyOf(string secret) => Convert.FromBase64String(secret[SecretPrefix.Length..]);
}
