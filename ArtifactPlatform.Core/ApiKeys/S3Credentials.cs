using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.ApiKeys;

/// <summary>A customer's own S3 access, attached to one API key. Secret and token are encrypted: <see cref="SecretBox"/> opens them.</summary>
public sealed class S3Credentials
{
    private S3Credentials()
    {
    }

    public S3Credentials(string apiKeyId, string companyId, DateTimeOffset now)
    {
        ApiKeyId = apiKeyId;
        CompanyId = companyId;
        CreatedAt = now;
    }

    public string ApiKeyId { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string AccessKeyId { get; private set; } = "";

    public string ProtectedSecret { get; private set; } = "";

    public string? ProtectedToken { get; private set; }

    public string Region { get; private set; } = "";

    /// <summary>http or https address of the store; null means AWS.</summary>
    public string? Endpoint { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public void Replace(string accessKeyId, string protectedSecret, string? protectedToken, string region, string? endpoint, DateTimeOffset now)
    {
        AccessKeyId = accessKeyId;
        ProtectedSecret = protectedSecret;
        ProtectedToken = protectedToken;
        Region = region;
        Endpoint = endpoint;
        UpdatedAt = now;
    }

    /// <summary>In the clear, for the moment of use.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The master key is no longer the one they were stored with.</exception>
    public S3Access Open(SecretBox secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        return new S3Access(
            AccessKeyId,
            secrets.Unprotect(SecretBox.S3CredentialsPurpose, ProtectedSecret),
            ProtectedToken is { } token ? secrets.Unprotect(SecretBox.S3CredentialsPurpose, token) : null,
            Region,
            Endpoint is { } endpoint ? new Uri(endpoint) : null);
    }

    private sealed class Configuration : IEntityTypeConfiguration<S3Credentials>
    {
        public void Configure(EntityTypeBuilder<S3Credentials> builder)
        {
            builder.ToTable("s3_credentials");
            builder.HasKey(c => c.ApiKeyId);
            builder.HasOne<ApiKey>().WithOne().HasForeignKey<S3Credentials>(c => c.ApiKeyId);
            builder.Property(c => c.ApiKeyId).HasMaxLength(64);
            builder.Property(c => c.CompanyId).HasMaxLength(64);
            builder.Property(c => c.AccessKeyId).HasMaxLength(255);
            builder.Property(c => c.ProtectedSecret).HasMaxLength(4096);
            builder.Property(c => c.ProtectedToken).HasMaxLength(8192);
            builder.Property(c => c.Region).HasMaxLength(64);
            builder.Property(c => c.Endpoint).HasMaxLength(2048);
        }
    }
}
