using System.Linq.Expressions;
using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Users;

/// <summary>A company's offer to a person to join it. Whoever has its token may take it up, once.</summary>
public sealed class Invitation
{
    private Invitation()
    {
    }

    /// <param name="userId">Who invites.</param>
    public Invitation(string companyId, string userId, string email, string? name, UserRole role, byte[] tokenHash, DateTimeOffset now, TimeSpan lifetime)
    {
        Id = Ids.New("inv", now);
        CompanyId = companyId;
        UserId = userId;
        Email = User.NormalizeEmail(email);
        Name = name;
        Role = role;
        TokenHash = tokenHash;
        CreatedAt = now;
        ExpiresAt = now + lifetime;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    /// <summary>Lower case.</summary>
    public string Email { get; private set; } = "";

    /// <summary>Null when the person is to say it.</summary>
    public string? Name { get; private set; }

    public UserRole Role { get; private set; }

    /// <summary>SHA-256 of the token.</summary>
    public byte[] TokenHash { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? AcceptedAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>It may be taken up.</summary>
    public static Expression<Func<Invitation, bool>> IsOpen(DateTimeOffset now) => i => i.AcceptedAt == null && i.RevokedAt == null && i.ExpiresAt > now;

    private sealed class Configuration : IEntityTypeConfiguration<Invitation>
    {
        public void Configure(EntityTypeBuilder<Invitation> builder)
        {
            builder.ToTable("invitations");
            builder.HasOne<Company>().WithMany().HasForeignKey(i => i.CompanyId);
            builder.HasOne<User>().WithMany().HasForeignKey(i => i.UserId);
            builder.Property(i => i.Id).HasMaxLength(64);
            builder.Property(i => i.CompanyId).HasMaxLength(64);
            builder.Property(i => i.UserId).HasMaxLength(64);
            builder.Property(i => i.Email).HasMaxLength(254);
            builder.Property(i => i.Name).HasMaxLength(255);
            builder.Property(i => i.TokenHash).HasMaxLength(32);
        }
    }
}
