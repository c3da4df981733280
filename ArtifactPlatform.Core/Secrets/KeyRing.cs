using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.DependencyInjection;

namespace ArtifactPlatform.Core.Secrets;

/// <summary>The Data Protection key ring: kept in Postgres, where every replica finds the same one, and encrypted by <see cref="MasterKeyEncryptor"/>.</summary>
internal static class KeyRing
{
    public static void AddKeyRing(this IServiceCollection services)
    {
        services.AddSingleton<MasterKeyEncryptor>();
        services.AddSingleton<SecretBox>();
        services.AddDataProtection().SetApplicationName("artifact-platform").PersistKeysToDbContext<PlatformDb>();
        services.AddOptions<KeyManagementOptions>().Configure<MasterKeyEncryptor>((options, encryptor) => options.XmlEncryptor = encryptor);
    }

    /// <summary>The table is older than the package's entity: its ids are 64 bits wide, and <c>created_at</c> is filled in by the database.</summary>
    private sealed class Configuration : IEntityTypeConfiguration<DataProtectionKey>
    {
        public void Configure(EntityTypeBuilder<DataProtectionKey> builder)
        {
            builder.ToTable("data_protection_keys");
            builder.Property(k => k.Id).HasConversion<long>();
            builder.Property(k => k.FriendlyName).HasMaxLength(255);
            builder.Property(k => k.Xml).HasMaxLength(16384);
        }
    }
}
