using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Secrets;

/// <summary>One key of the Data Protection ring that all processes share.</summary>
public sealed class DataProtectionKey
{
    private DataProtectionKey()
    {
    }

    public DataProtectionKey(string friendlyName, string xml, DateTimeOffset now)
    {
        FriendlyName = friendlyName;
        Xml = xml;
        CreatedAt = now;
    }

    public long Id { get; private set; }

    public string FriendlyName { get; private set; } = "";

    /// <summary>The key material in it is encrypted by <see cref="MasterKeyEncryptor"/>.</summary>
    public string Xml { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<DataProtectionKey>
    {
        public void Configure(EntityTypeBuilder<DataProtectionKey> builder)
        {
            builder.ToTable("data_protection_keys");
            builder.Property(k => k.FriendlyName).HasMaxLength(255);
            builder.Property(k => k.Xml).HasMaxLength(16384);
        }
    }
}
