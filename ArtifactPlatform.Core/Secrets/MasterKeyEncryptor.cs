using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ArtifactPlatform.Core.Secrets;

/// <summary>Encrypts the key ring at rest with <c>Secrets:MasterKey</c> (AES-256-GCM), so that a copy of the database alone opens nothing.</summary>
public sealed class MasterKeyEncryptor(IConfiguration configuration) : IXmlEncryptor
{
    internal const int NonceBytes = 12;
    internal const int TagBytes = 16;

    /// <summary>Shorter ones could be guessed.</summary>
    private const int MinMasterKeyLength = 32;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(Key(configuration), TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length));
        return new EncryptedXmlInfo(new XElement("masterKeyEncrypted", Convert.ToBase64String(box)), typeof(MasterKeyDecryptor));
    }

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The setting is missing or short.</exception>
    internal static byte[] Key(IConfiguration configuration)
    {
        var secret = configuration["Secrets:MasterKey"];
        return secret is { Length: >= MinMasterKeyLength }
            ? HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "artifact-platform key ring"u8.ToArray())
            : throw RequiredSettings.Invalid($"Secrets__MasterKey must be set to at least {MinMasterKeyLength} random characters.");
    }
}

/// <summary>Opens what <see cref="MasterKeyEncryptor"/> closed. Data Protection makes it by its stored type name.</summary>
public sealed class MasterKeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var box = Convert.FromBase64String(encryptedElement.Value).AsSpan();
        var plain = new byte[box.Length - MasterKeyEncryptor.NonceBytes - MasterKeyEncryptor.TagBytes];
        using var aes = new AesGcm(MasterKeyEncryptor.Key(services.GetRequiredService<IConfiguration>()), MasterKeyEncryptor.TagBytes);
        aes.Decrypt(box[..MasterKeyEncryptor.NonceBytes], box.Slice(MasterKeyEncryptor.NonceBytes, plain.Length), box[^MasterKeyEncryptor.TagBytes..], plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
