using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Auth;

/// <summary>A key that signs the access tokens of machine clients.</summary>
public sealed class SigningKey
{
    private SigningKey()
    {
    }

    /// <param name="publicKey">PEM.</param>
    /// <param name="protectedKey">The private half, closed by <see cref="Secrets.SecretBox"/>.</param>
    public SigningKey(string publicKey, string protectedKey, DateTimeOffset now, DateTimeOffset signsFrom)
    {
        Id = Ids.New("sk", now);
        PublicKey = publicKey;
        ProtectedKey = protectedKey;
        CreatedAt = now;
        SignsFrom = signsFrom;
    }

    /// <summary>The <c>kid</c> of the tokens.</summary>
    public string Id { get; private set; } = "";

    public string PublicKey { get; private set; } = "";

    public string ProtectedKey { get; private set; } = "";

    /// <summary>Published from then on.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Signs from then on, until the next one does.</summary>
    public DateTimeOffset SignsFrom { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<SigningKey>
    {
        public void Configure(EntityTypeBuilder<SigningKey> builder)
        {
            builder.ToTable("signing_keys");
            builder.Property(k => k.Id).HasMaxLength(64);
            builder.Property(k => k.PublicKey).HasMaxLength(2048);
            builder.Property(k => k.ProtectedKey).HasMaxLength(8192);
        }
    }
}
