using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Artifacts;

/// <summary>Where an artifact's bytes come from.</summary>
public enum ArtifactSource
{
    /// <summary>A presigned PUT to <see cref="ObjectKeys.Incoming"/>.</summary>
    Upload,
    Url,

    /// <summary>A bucket that the API key's own S3 credentials can read.</summary>
    S3Path,

    /// <summary>A path from <c>GET /artifacts/create</c> in the platform's own bucket.</summary>
    TempUpload,
    Fragments,

    /// <summary>An upload session's bytes, which stand at the artifact's own key from the first and never move.</summary>
    Stored,
}

/// <summary>
/// One file taken in. Its state changes only by compare-and-set in <see cref="ArtifactLog"/>, which writes the event in the same
/// transaction; the setters here serve creation.
/// </summary>
public sealed class Artifact
{
    private Artifact()
    {
    }

    public Artifact(string companyId, string? userId, string? apiKeyId, string name, ArtifactType type, ArtifactSource source, string bucket, DateTimeOffset now)
    {
        Id = Ids.New(now);
        CompanyId = companyId;
        UserId = userId;
        ApiKeyId = apiKeyId;
        Name = name;
        FileName = name;
        Type = type;
        Source = source;
        UploadMethod = source == ArtifactSource.Fragments ? UploadMethod.Fragments : UploadMethod.DirectUrl;
        S3Bucket = bucket;
        S3Key = ObjectKeys.Artifact(Id, Attempt, type, name);
        CreatedAt = UpdatedAt = now;
    }

    /// <summary>The artifact of a finalized upload session.</summary>
    /// <param name="id">Given to the session when it began.</param>
    /// <param name="key">Where the bytes stand.</param>
    public static Artifact OfStored(string id, string companyId, string? userId, string? apiKeyId, string name, ArtifactType type, string bucket, string key, DateTimeOffset now) =>
        new(companyId, userId, apiKeyId, name, type, ArtifactSource.Stored, bucket, now) { Id = id, S3Key = key, SourceBucket = bucket, SourceKey = key, UploadedAt = now };

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string? UserId { get; private set; }

    /// <summary>The key that created it: its S3 credentials read the source.</summary>
    public string? ApiKeyId { get; private set; }

    public string Name { get; private set; } = "";

    public string FileName { get; private set; } = "";

    public ArtifactType Type { get; private set; }

    public ArtifactStatus Status { get; private set; } = ArtifactStatus.Created;

    public UploadMethod UploadMethod { get; private set; }

    public ArtifactSource Source { get; private set; }

    public string? SourceUrl { get; private set; }

    public string? SourceBucket { get; private set; }

    public string? SourceKey { get; private set; }

    /// <summary>Until when a presigned PUT may come; null for other sources.</summary>
    public DateTimeOffset? UploadExpiresAt { get; private set; }

    /// <summary>When the sweep last looked for the awaited PUT.</summary>
    public DateTimeOffset? UploadCheckedAt { get; private set; }

    /// <summary>When the finished PUT was noticed.</summary>
    public DateTimeOffset? UploadedAt { get; private set; }

    public string S3Bucket { get; private set; } = "";

    /// <summary>Where the finished file stands (or will). Each attempt writes to a key of its own, so a late one never overwrites.</summary>
    public string S3Key { get; private set; } = "";

    /// <summary>1, and one more after each retry.</summary>
    public int Attempt { get; private set; } = 1;

    public int Progress { get; private set; }

    public long? SizeBytes { get; private set; }

    public double? DurationSeconds { get; private set; }

    public string? ContentType { get; private set; }

    /// <summary><c>sha256:</c> and 64 hex digits.</summary>
    public string? Hash { get; private set; }

    public MediaInfo? Media { get; private set; }

    public List<JoinedFragment>? Joins { get; private set; }

    public string? ErrorCode { get; private set; }

    public string? ErrorMessage { get; private set; }

    /// <summary>The caller's JSON object as text.</summary>
    public string? Metadata { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>When it is deleted by itself; null = never.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? FetchedAt { get; private set; }

    public DateTimeOffset? CompletedAt { get; private set; }

    /// <summary>Where another attempt writes: to a key of its own, so that an earlier one that comes late never overwrites.</summary>
    public string KeyOfAttempt(int attempt) => Source == ArtifactSource.Stored ? S3Key : ObjectKeys.Artifact(Id, attempt, Type, FileName);

    public Artifact AwaitUploadUntil(DateTimeOffset expiresAt)
    {
        UploadExpiresAt = expiresAt;
        SourceBucket = S3Bucket;
        SourceKey = ObjectKeys.Incoming(Id);
        return this;
    }

    public Artifact TakeFromUrl(string url)
    {
        SourceUrl = url;
        return this;
    }

    public Artifact TakeFromS3(string bucket, string key)
    {
        SourceBucket = bucket;
        SourceKey = key;
        return this;
    }

    public Artifact WithMetadata(string? json)
    {
        Metadata = json;
        return this;
    }

    public Artifact ExpireAt(DateTimeOffset? expiresAt)
    {
        ExpiresAt = expiresAt;
        return this;
    }

    private sealed class Configuration : IEntityTypeConfiguration<Artifact>
    {
        public void Configure(EntityTypeBuilder<Artifact> builder)
        {
            builder.ToTable("artifacts");
            builder.HasOne<Company>().WithMany().HasForeignKey(a => a.CompanyId);
            builder.HasOne<User>().WithMany().HasForeignKey(a => a.UserId);
            builder.HasOne<ApiKey>().WithMany().HasForeignKey(a => a.ApiKeyId);
            builder.Property(a => a.Id).HasMaxLength(64);
            builder.Property(a => a.CompanyId).HasMaxLength(64);
            builder.Property(a => a.UserId).HasMaxLength(64);
            builder.Property(a => a.ApiKeyId).HasMaxLength(64);
            builder.Property(a => a.Name).HasMaxLength(255);
            builder.Property(a => a.FileName).HasMaxLength(255);
            builder.Property(a => a.SourceUrl).HasMaxLength(4096);
            builder.Property(a => a.SourceBucket).HasMaxLength(255);
            builder.Property(a => a.SourceKey).HasMaxLength(1024);
            builder.Property(a => a.S3Bucket).HasMaxLength(255).HasColumnName("s3_bucket");
            builder.Property(a => a.S3Key).HasMaxLength(1024).HasColumnName("s3_key");
            builder.Property(a => a.ContentType).HasMaxLength(255);
            builder.Property(a => a.Hash).HasMaxLength(128);
            builder.Property(a => a.ErrorCode).HasMaxLength(64);
            builder.Property(a => a.ErrorMessage).HasMaxLength(2000);
            builder.Property(a => a.Metadata).HasColumnType("jsonb").HasMaxLength(16384);
            builder.Property(a => a.Media).HasJsonColumn();
            builder.Property(a => a.Joins).HasJsonColumn();
        }
    }
}
