using ArtifactPlatform.Client.Retention;
using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Retention;

/// <summary>How long a company keeps what it no longer needs, in days. A company without a row has the defaults.</summary>
public sealed class RetentionSettings
{
    private RetentionSettings()
    {
    }

    /// <summary>What holds until a company says otherwise.</summary>
    public static RetentionSettings Defaults { get; } = new();

    public string CompanyId { get; private set; } = "";

    /// <summary>A reader that was away for less misses nothing.</summary>
    public int EventsDays { get; private set; } = 30;

    public int DeliveriesDays { get; private set; } = 30;

    /// <summary>Until then a failed upload can be looked at and retried.</summary>
    public int FailedUploadsDays { get; private set; } = 30;

    /// <summary>0, as the contract has it: delete removes the record and every stored object.</summary>
    public int DeletedArtifactsDays { get; private set; }

    /// <summary>Null while the defaults hold.</summary>
    public DateTimeOffset? UpdatedAt { get; private set; }

    public RetentionObject ToObject() => new()
    {
        EventsDays = EventsDays,
        DeliveriesDays = DeliveriesDays,
        FailedUploadsDays = FailedUploadsDays,
        DeletedArtifactsDays = DeletedArtifactsDays,
        UpdatedAt = UpdatedAt,
    };

    private sealed class Configuration : IEntityTypeConfiguration<RetentionSettings>
    {
        public void Configure(EntityTypeBuilder<RetentionSettings> builder)
        {
            builder.ToTable("retention_settings");
            builder.HasKey(s => s.CompanyId);
            builder.HasOne<Company>().WithMany().HasForeignKey(s => s.CompanyId);
            builder.Property(s => s.CompanyId).HasMaxLength(64);
        }
    }
}
