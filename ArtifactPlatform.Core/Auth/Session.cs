using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Auth;

/// <summary>One sign-in of a dashboard user. The token itself is known to the dashboard alone.</summary>
public sealed class Session
{
    private Session()
    {
    }

    public Session(string userId, string companyId, byte[] tokenHash, DateTimeOffset now, TimeSpan lifetime, string device)
    {
        Id = Ids.New("sess", now);
        UserId = userId;
        CompanyId = companyId;
        TokenHash = tokenHash;
        CreatedAt = now;
        ExpiresAt = now + lifetime;
        Device = device;
    }

    public string Id { get; private set; } = "";

    public string UserId { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    /// <summary>SHA-256 of the token.</summary>
    public byte[] TokenHash { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>What it was opened on, as the client says: a browser's User-Agent, for the person to know it by.</summary>
    public string Device { get; private set; } = "";

    /// <summary>Exact to a minute; null when it was never used.</summary>
    public DateTimeOffset? LastSeenAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<Session>
    {
        public void Configure(EntityTypeBuilder<Session> builder)
        {
            builder.ToTable("sessions");
            builder.HasOne<Company>().WithMany().HasForeignKey(s => s.CompanyId);
            builder.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
            builder.Property(s => s.Id).HasMaxLength(64);
            builder.Property(s => s.UserId).HasMaxLength(64);
            builder.Property(s => s.CompanyId).HasMaxLength(64);
            builder.Property(s => s.TokenHash).HasMaxLength(32);
            builder.Property(s => s.Device).HasMaxLength(512);
        }
    }
}
