using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Companies;

/// <summary>What a dashboard user may do: an owner everything, a member work with artifacts, a viewer look.</summary>
public enum UserRole
{
    Owner,
    Member,
    Viewer,
}

/// <summary>A person of a company who signs in at the dashboard.</summary>
public sealed class User
{
    private User()
    {
    }

    public User(string companyId, string email, string name, UserRole role, DateTimeOffset now)
    {
        Id = Ids.New(now);
        CompanyId = companyId;
        Email = NormalizeEmail(email);
        Name = name;
        Role = role;
        CreatedAt = now;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    /// <summary>Lower case; unique over all companies, among those who are not removed.</summary>
    public string Email { get; private set; } = "";

    public string Name { get; private set; } = "";

    public UserRole Role { get; private set; }

    /// <summary>Empty for someone who signs in through a provider alone.</summary>
    public string PasswordHash { get; private set; } = "";

    /// <summary>Wrong passwords in a row.</summary>
    public int FailedLogins { get; private set; }

    public DateTimeOffset? LockedUntil { get; private set; }

    /// <summary>Passwords that are being compared at the moment.</summary>
    public int OpenTries { get; private set; }

    /// <summary>From when on <see cref="OpenTries"/> are those of a process that has died, and don't count.</summary>
    public DateTimeOffset? OpenTriesUntil { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? LastSignInAt { get; private set; }

    /// <summary>Since when this is nobody any more; the row stays, and says who made what.</summary>
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>Who this is to the OpenID Connect provider that they have signed in through; null when they never did.</summary>
    public string? OidcIssuer { get; private set; }

    public string? OidcSubject { get; private set; }

    public void LinkTo(string issuer, string subject) => (OidcIssuer, OidcSubject) = (issuer, subject);

    public void ChangeRole(UserRole role) => Role = role;

    public void Rename(string name) => Name = name;

    public void SetPasswordHash(string hash) => PasswordHash = hash;

    public static string NormalizeEmail(string email) => email.Trim().ToLowerInvariant();

    private sealed class Configuration : IEntityTypeConfiguration<User>
    {
        public void Configure(EntityTypeBuilder<User> builder)
        {
            builder.ToTable("users");
            builder.HasOne<Company>().WithMany().HasForeignKey(u => u.CompanyId);
            builder.Property(u => u.Id).HasMaxLength(64);
            builder.Property(u => u.CompanyId).HasMaxLength(64);
            builder.Property(u => u.Email).HasMaxLength(254);
            builder.Property(u => u.Name).HasMaxLength(255);
            builder.Property(u => u.PasswordHash).HasMaxLength(512);
            builder.Property(u => u.OidcIssuer).HasMaxLength(512);
            builder.Property(u => u.OidcSubject).HasMaxLength(255);
        }
    }
}
