using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Requests;

/// <summary>A request that its client may send again, and what became of it.</summary>
public sealed class IdempotencyKey
{
    private IdempotencyKey()
    {
    }

    /// <summary>The API key, user or machine client that chose the key, or the hash of a secret that speaks for who did: nobody else's key of the same name is this one.</summary>
    public string OwnerId { get; private set; } = "";

    public string Key { get; private set; } = "";

    /// <summary>Null when nobody was signed in.</summary>
    public string? CompanyId { get; private set; }

    /// <summary>SHA-256 of method, path, query and body.</summary>
    public byte[] Fingerprint { get; private set; } = [];

    /// <summary>Random per run of the request: a run that has lost it can neither commit nor answer.</summary>
    public string LeaseToken { get; private set; } = "";

    public DateTimeOffset LeaseUntil { get; private set; }

    /// <summary>When a transaction of the request was committed; null while nothing was changed.</summary>
    public DateTimeOffset? EffectAt { get; private set; }

    /// <summary>The first answer, encrypted: it may show a secret that is shown once.</summary>
    public string? Answer { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<IdempotencyKey>
    {
        public void Configure(EntityTypeBuilder<IdempotencyKey> builder)
        {
            builder.ToTable("idempotency_keys");
            builder.HasKey(k => new { k.OwnerId, k.Key });
            builder.HasOne<Company>().WithMany().HasForeignKey(k => k.CompanyId);
            builder.Property(k => k.OwnerId).HasMaxLength(64);
            builder.Property(k => k.Key).HasMaxLength(255);
            builder.Property(k => k.CompanyId).HasMaxLength(64);
            builder.Property(k => k.Fingerprint).HasMaxLength(32);
            builder.Property(k => k.LeaseToken).HasMaxLength(64);
            // 1 MiB of answer, escaped as JSON, encrypted, as base64.
            builder.Property(k => k.Answer).HasMaxLength(4 << 20);
        }
    }
}
