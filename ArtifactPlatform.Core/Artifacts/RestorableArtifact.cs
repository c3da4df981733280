using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Artifacts;

/// <summary>A deleted artifact whose files are still there, as its company's retention settings ask for; written and taken back by <see cref="DeletedArtifacts"/> alone.</summary>
public sealed class RestorableArtifact
{
    private RestorableArtifact()
    {
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    /// <summary>The artifact's row as it was, as JSON: whatever columns it had.</summary>
    public string Record { get; private set; } = "{}";

    /// <summary>Its fragments' rows; null for an artifact without.</summary>
    public string? Fragments { get; private set; }

    public DateTimeOffset DeletedAt { get; private set; }

    /// <summary>Its files are removed then.</summary>
    public DateTimeOffset RestorableUntil { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<RestorableArtifact>
    {
        public void Configure(EntityTypeBuilder<RestorableArtifact> builder)
        {
            builder.ToTable("restorable_artifacts");
            builder.HasOne<Company>().WithMany().HasForeignKey(a => a.CompanyId);
            builder.Property(a => a.Id).HasMaxLength(64);
            builder.Property(a => a.CompanyId).HasMaxLength(64);
            // A row's JSON holds metadata of 16 KiB, what was probed, and the places of 1,000 fragments.
            builder.Property(a => a.Record).HasColumnType("jsonb").HasMaxLength(1 << 20);
            builder.Property(a => a.Fragments).HasColumnType("jsonb").HasMaxLength(8 << 20);
        }
    }
}
