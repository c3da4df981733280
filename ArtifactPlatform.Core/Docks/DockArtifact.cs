using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Docks;

/// <summary>
/// One file deposited in a dock. Size and hash are claims until the worker has read the stored bytes. Its state changes only by
/// compare-and-set; the setters here serve creation.
/// </summary>
public sealed class DockArtifact
{
    private const string IdPrefix = "art";

    private DockArtifact()
    {
    }

    /// <param name="clientId">The machine that deposits; null for a person or an API key.</param>
    /// <param name="metadata">The caller's JSON object as text.</param>
    public DockArtifact(string companyId, string dockId, string userId, string? clientId, CreateDockArtifactRequest request, string? metadata, DateTimeOffset now)
    {
        Id = Ids.New(IdPrefix, now);
        UploadId = Ids.New("upload", now);
        CompanyId = companyId;
        DockId = dockId;
        UserId = userId;
        ClientId = clientId;
        Filename = request.Filename ?? "";
        ContentType = string.IsNullOrWhiteSpace(request.ContentType) ? null : request.ContentType;
        ClaimedSizeBytes = request.Size;
        ClaimedHash = ContentHash.Normalize(request.Hash);
        Metadata = metadata;
        UploadExpiresAt = now + IngestLimits.UploadUrlLifetime;
        S3Key = KeyOfAttempt(Attempt);
        CreatedAt = UpdatedAt = now;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string DockId { get; private set; } = "";

    public string UploadId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    public string? ClientId { get; private set; }

    public string Filename { get; private set; } = "";

    public string? ContentType { get; private set; }

    public long? ClaimedSizeBytes { get; private set; }

    /// <summary><c>sha256:</c> and 64 hex digits, as all hashes.</summary>
    public string? ClaimedHash { get; private set; }

    public long? SizeBytes { get; private set; }

    /// <summary>Of the stored bytes; null until completed.</summary>
    public string? Hash { get; private set; }

    /// <summary>The bytes are another artifact's of this dock, and stored once.</summary>
    public bool IsDuplicate { get; private set; }

    public string? Metadata { get; private set; }

    public ArtifactStatus Status { get; private set; } = ArtifactStatus.Created;

    public DateTimeOffset UploadExpiresAt { get; private set; }

    public DateTimeOffset? UploadCheckedAt { get; private set; }

    public DateTimeOffset? UploadedAt { get; private set; }

    /// <summary>1, and one more for each run that takes over from a dead one.</summary>
    public int Attempt { get; private set; } = 1;

    /// <summary>Where the verified bytes stand, or will; of a duplicate, the other artifact's key.</summary>
    public string S3Key { get; private set; } = "";

    /// <summary>Of the object whose bytes were verified: an object with another one is not it.</summary>
    public string? S3ETag { get; private set; }

    public string? ErrorCode { get; private set; }

    public string? ErrorMessage { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public DateTimeOffset? CompletedAt { get; private set; }

    /// <summary>Whether an id is one of these rather than of an <see cref="Artifact"/>.</summary>
    public static bool IsId(string id) => id.StartsWith(IdPrefix + "_", StringComparison.Ordinal);

    /// <summary>Each run writes to a key of its own, so that one that was taken for dead never overwrites.</summary>
    public string KeyOfAttempt(int attempt) => ObjectKeys.Deposit(Id, attempt, Filename);

    private sealed class Configuration : IEntityTypeConfiguration<DockArtifact>
    {
        public void Configure(EntityTypeBuilder<DockArtifact> builder)
        {
            builder.ToTable("dock_artifacts");
            builder.HasOne<Company>().WithMany().HasForeignKey(a => a.CompanyId);
            builder.HasOne<Dock>().WithMany().HasForeignKey(a => a.DockId);
            builder.HasOne<User>().WithMany().HasForeignKey(a => a.UserId);
            builder.Property(a => a.Id).HasMaxLength(64);
            builder.Property(a => a.CompanyId).HasMaxLength(64);
            builder.Property(a => a.DockId).HasMaxLength(64);
            builder.Property(a => a.UploadId).HasMaxLength(64);
            builder.Property(a => a.UserId).HasMaxLength(64);
            builder.Property(a => a.ClientId).HasMaxLength(64);
            builder.Property(a => a.Filename).HasMaxLength(255);
            builder.Property(a => a.ContentType).HasMaxLength(255);
            builder.Property(a => a.ClaimedHash).HasMaxLength(128);
            builder.Property(a => a.Hash).HasMaxLength(128);
            builder.Property(a => a.Metadata).HasColumnType("jsonb").HasMaxLength(16384);
            builder.Property(a => a.S3Key).HasMaxLength(1024).HasColumnName("s3_key");
            builder.Property(a => a.S3ETag).HasMaxLength(128).HasColumnName("s3_etag");
            builder.Property(a => a.ErrorCode).HasMaxLength(64);
            builder.Property(a => a.ErrorMessage).HasMaxLength(2000);
        }
    }
}
