using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Artifacts;

/// <summary>A place that <c>GET /artifacts/create</c> handed out: only its company may create an artifact from it.</summary>
public sealed class TempUpload
{
    private TempUpload()
    {
    }

    public TempUpload(string companyId, string fileName, DateTimeOffset now, TimeSpan lifetime)
    {
        Id = Guid.NewGuid().ToString();
        CompanyId = companyId;
        S3Key = ObjectKeys.Temp(Id, fileName);
        FileName = fileName;
        CreatedAt = now;
        ExpiresAt = now + lifetime;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string S3Key { get; private set; } = "";

    public string FileName { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<TempUpload>
    {
        public void Configure(EntityTypeBuilder<TempUpload> builder)
        {
            builder.ToTable("temp_uploads");
            builder.HasOne<Company>().WithMany().HasForeignKey(t => t.CompanyId);
            builder.Property(t => t.Id).HasMaxLength(64);
            builder.Property(t => t.CompanyId).HasMaxLength(64);
            builder.Property(t => t.S3Key).HasMaxLength(1024).HasColumnName("s3_key");
            builder.Property(t => t.FileName).HasMaxLength(255);
        }
    }
}
