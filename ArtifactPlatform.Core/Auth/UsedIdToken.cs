using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Auth;

/// <summary>A provider's identity token that has opened a session; it opens no second one.</summary>
public sealed class UsedIdToken
{
    private UsedIdToken()
    {
    }

    public UsedIdToken(byte[] hash, DateTimeOffset expiresAt)
    {
        Hash = hash;
        ExpiresAt = expiresAt;
    }

    /// <summary>SHA-256 of the token.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>From when on its age alone has it refused, and the row is not needed.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<UsedIdToken>
    {
        public void Configure(EntityTypeBuilder<UsedIdToken> builder)
        {
            builder.ToTable("used_id_tokens");
            builder.HasKey(t => t.Hash);
            builder.Property(t => t.Hash).HasMaxLength(32);
        }
    }
}
