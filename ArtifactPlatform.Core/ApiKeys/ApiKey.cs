using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.ApiKeys;

/// <summary>What an API key may be allowed to do.</summary>
public static class Scopes
{
    public const string ArtifactsRead = "artifacts:read";
    public const string ArtifactsWrite = "artifacts:write";
    public const string VideosRead = "videos:read";
    public const string VideosWrite = "videos:write";
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [ArtifactsRead, ArtifactsWrite, VideosRead, VideosWrite, Admin];

    /// <summary>Those that a machine client can have; they hold in its own dock alone.</summary>
    public static IReadOnlyList<string> Machine { get; } = [ArtifactsWrite, ArtifactsRead];
}

/// <summary>A key that a program signs in with. It acts for the company and the user who made it.</summary>
public sealed class ApiKey
{
    private ApiKey()
    {
    }

    /// <param name="key">The whole key, <c>ak_live_…</c>; kept only as a hash.</param>
    public ApiKey(string companyId, string userId, string name, string key, IEnumerable<string> scopes, DateTimeOffset now, DateTimeOffset? expiresAt = null)
    {
        Id = Ids.New("key", now);
        CompanyId = companyId;
        UserId = userId;
        Name = name;
        Prefix = SecretToken.Shown(key);
        KeyHash = SecretToken.Hash(key);
        ScopeList = [.. scopes];
        CreatedAt = now;
        ExpiresAt = expiresAt;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    public string Name { get; private set; } = "";

    /// <summary>The first characters, to tell keys apart.</summary>
    public string Prefix { get; private set; } = "";

    /// <summary>SHA-256 of the key.</summary>
    public byte[] KeyHash { get; private set; } = [];

    /// <summary>SHA-256 of the key before the last rotation; null when there was none.</summary>
    public byte[]? PreviousKeyHash { get; private set; }

    /// <summary>Until when that one is good beside the new one.</summary>
    public DateTimeOffset? PreviousExpiresAt { get; private set; }

    /// <summary>From <see cref="Scopes"/>.</summary>
    public List<string> ScopeList { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<ApiKey>
    {
        public void Configure(EntityTypeBuilder<ApiKey> builder)
        {
            builder.ToTable("api_keys");
            builder.HasOne<Company>().WithMany().HasForeignKey(k => k.CompanyId);
            builder.HasOne<User>().WithMany().HasForeignKey(k => k.UserId);
            builder.Property(k => k.Id).HasMaxLength(64);
            builder.Property(k => k.CompanyId).HasMaxLength(64);
            builder.Property(k => k.UserId).HasMaxLength(64);
            builder.Property(k => k.Name).HasMaxLength(255);
            builder.Property(k => k.Prefix).HasMaxLength(32);
            builder.Property(k => k.KeyHash).HasMaxLength(32);
            builder.Property(k => k.PreviousKeyHash).HasMaxLength(32);
            builder.Property(k => k.ScopeList).HasColumnName("scopes");
        }
    }
}
