using System.Security.Cryptography;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Docks;

/// <summary>An OAuth2 client of one dock. With id and secret a machine fetches tokens, and those let it into that dock alone.</summary>
public sealed class MachineClient
{
    private MachineClient()
    {
    }

    /// <param name="secret">The whole secret, <c>mcs_…</c>; kept only as a hash.</param>
    public MachineClient(string companyId, string dockId, string userId, string name, string secret, IEnumerable<string> scopes, DateTimeOffset now)
    {
        Id = Ids.New("client", now);
        CompanyId = companyId;
        DockId = dockId;
        UserId = userId;
        Name = name;
        SecretHash = SecretToken.Hash(secret);
        ScopeList = [.. scopes];
        CreatedAt = now;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string DockId { get; private set; } = "";

    /// <summary>Who made it.</summary>
    public string UserId { get; private set; } = "";

    public string Name { get; private set; } = "";

    public byte[] SecretHash { get; private set; } = [];

    /// <summary>SHA-256 of the secret before the last rotation; null when there was none.</summary>
    public byte[]? PreviousSecretHash { get; private set; }

    /// <summary>Until when that one is good beside the new one.</summary>
    public DateTimeOffset? PreviousExpiresAt { get; private set; }

    /// <summary><c>artifacts:read</c>, <c>artifacts:write</c> or both.</summary>
    public List<string> ScopeList { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>Takes the same time whether the secret is right, old or wrong.</summary>
    public bool Accepts(byte[] secretHash, DateTimeOffset now)
    {
        var current = CryptographicOperations.FixedTimeEquals(SecretHash, secretHash);
        var previous = CryptographicOperations.FixedTimeEquals(PreviousSecretHash ?? SecretHash, secretHash);
        return current | (previous & PreviousExpiresAt > now);
    }

    private sealed class Configuration : IEntityTypeConfiguration<MachineClient>
    {
        public void Configure(EntityTypeBuilder<MachineClient> builder)
        {
            builder.ToTable("machine_clients");
            builder.HasOne<Company>().WithMany().HasForeignKey(c => c.CompanyId);
            builder.HasOne<Dock>().WithMany().HasForeignKey(c => c.DockId);
            builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId);
            builder.Property(c => c.Id).HasMaxLength(64);
            builder.Property(c => c.CompanyId).HasMaxLength(64);
            builder.Property(c => c.DockId).HasMaxLength(64);
            builder.Property(c => c.UserId).HasMaxLength(64);
            builder.Property(c => c.Name).HasMaxLength(255);
            builder.Property(c => c.SecretHash).HasMaxLength(32);
            builder.Property(c => c.PreviousSecretHash).HasMaxLength(32);
            builder.Property(c => c.ScopeList).HasColumnName("scopes");
        }
    }
}
