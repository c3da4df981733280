using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace ArtifactPlatform.Core.Secrets;

/// <summary>Encrypts customers' secrets, and the platform's own keys, at rest. What one purpose closed, no other opens.</summary>
public sealed class SecretBox(IDataProtectionProvider provider)
{
    public const string S3CredentialsPurpose = "s3-credentials";
    public const string KeptAnswerPurpose = "kept-answer";
    public const string SigningKeyPurpose = "signing-key";
    public const string WebhookSecretPurpose = "webhook-secret";

    /// <summary>
    /// Makes the ring's first key if there is none. To be called before several processes start: two that found an empty ring at once
    /// would each make a key, and one would not know the other's.
    /// </summary>
    public void EnsureKey() => provider.CreateProtector(nameof(EnsureKey)).Protect("");

    public string Protect(string purpose, string secret) => provider.CreateProtector(purpose).Protect(secret);

    /// <exception cref="CryptographicException">Not closed for this purpose, tampered with, or the master key changed.</exception>
    public string Unprotect(string purpose, string closed) => provider.CreateProtector(purpose).Unprotect(closed);
}
