using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Docks;

/// <summary>A place that machines deposit files in. What is in one dock is known to nobody in another.</summary>
public sealed class Dock
{
    private Dock()
    {
    }

    public Dock(string companyId, string userId, string name, long? maxSizeBytes, DateTimeOffset now)
    {
        Id = Ids.New("dock", now);
        CompanyId = companyId;
        UserId = userId;
        Name = name;
        MaxSizeBytes = maxSizeBytes ?? IngestLimits.MaxSizeBytes;
        CreatedAt = UpdatedAt = now;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    /// <summary>Who made it.</summary>
    public string UserId { get; private set; } = "";

    public string Name { get; private set; } = "";

    /// <summary>Bytes of one artifact.</summary>
    public long MaxSizeBytes { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<Dock>
    {
        public void Configure(EntityTypeBuilder<Dock> builder)
        {
            builder.ToTable("docks");
            builder.HasOne<Company>().WithMany().HasForeignKey(d => d.CompanyId);
            builder.HasOne<User>().WithMany().HasForeignKey(d => d.UserId);
            builder.Property(d => d.Id).HasMaxLength(64);
            builder.Property(d => d.CompanyId).HasMaxLength(64);
            builder.Property(d => d.UserId).HasMaxLength(64);
            builder.Property(d => d.Name).HasMaxLength(255);
        }
    }
}
