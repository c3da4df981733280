using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Artifacts;

/// <summary>One source of a joined artifact: a URL, or a bucket and key. All times in seconds.</summary>
public sealed class Fragment
{
    private Fragment()
    {
    }

    public Fragment(string artifactId, int position, double startTime, double? inPoint, double? outPoint)
    {
        ArtifactId = artifactId;
        Position = position;
        StartTime = startTime;
        InPoint = inPoint;
        OutPoint = outPoint;
    }

    public string ArtifactId { get; private set; } = "";

    /// <summary>Place in the request's array, from 0.</summary>
    public int Position { get; private set; }

    public string? Url { get; private set; }

    public string? S3Bucket { get; private set; }

    public string? S3Key { get; private set; }

    public double StartTime { get; private set; }

    public double? InPoint { get; private set; }

    public double? OutPoint { get; private set; }

    public Fragment TakeFromUrl(string url)
    {
        Url = url;
        return this;
    }

    public Fragment TakeFromS3(string bucket, string key)
    {
        S3Bucket = bucket;
        S3Key = key;
        return this;
    }

    private sealed class Configuration : IEntityTypeConfiguration<Fragment>
    {
        public void Configure(EntityTypeBuilder<Fragment> builder)
        {
            builder.ToTable("fragments");
            builder.HasKey(f => new { f.ArtifactId, f.Position });
            builder.HasOne<Artifact>().WithMany().HasForeignKey(f => f.ArtifactId);
            builder.Property(f => f.ArtifactId).HasMaxLength(64);
            builder.Property(f => f.Url).HasMaxLength(4096);
            builder.Property(f => f.S3Bucket).HasMaxLength(255).HasColumnName("s3_bucket");
            builder.Property(f => f.S3Key).HasMaxLength(1024).HasColumnName("s3_key");
        }
    }
}
