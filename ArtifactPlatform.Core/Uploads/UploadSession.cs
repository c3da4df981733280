using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Uploads;

/// <summary>A file on its way in, that becomes an artifact and a video when it is finalized. Its state changes by compare-and-set.</summary>
public sealed class UploadSession
{
    private UploadSession()
    {
    }

    public UploadSession(string companyId, string? userId, string? apiKeyId, CreateUploadRequest request, DateTimeOffset now)
    {
        Id = Ids.New("up", now);
        CompanyId = companyId;
        UserId = userId;
        ApiKeyId = apiKeyId;
        ArtifactId = Ids.New(now);
        Filename = request.Filename ?? "";
        MimeType = request.MimeType ?? "";
        FileSizeBytes = request.FileSizeBytes ?? 0;
        Title = request.Title is { Length: > 0 } title ? title : Filename;
        Tags = [.. request.Tags ?? []];
        Passthrough = request.Passthrough;
        Policy = request.Policy ?? PlaybackPolicy.Public;
        CreatedAt = UpdatedAt = now;
        ExpiresAt = now + UploadLimits.SessionLifetime;
        if (FileSizeBytes < UploadLimits.MultipartFromBytes)
        {
            Method = UploadTransport.Single;
            S3Key = ObjectKeys.Incoming(ArtifactId);
        }
        else
        {
            Method = UploadTransport.Multipart;
            PartSizeBytes = PartPlan.SizeFor(FileSizeBytes);
            S3Key = ObjectKeys.Artifact(ArtifactId, attempt: 1, ArtifactType, Filename);
        }
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string? UserId { get; private set; }

    public string? ApiKeyId { get; private set; }

    /// <summary>The artifact's id from the first; its row comes with finalize.</summary>
    public string ArtifactId { get; private set; } = "";

    public string? VideoId { get; private set; }

    public UploadStatus Status { get; private set; } = UploadStatus.Created;

    public UploadTransport Method { get; private set; }

    public string Filename { get; private set; } = "";

    public string MimeType { get; private set; } = "";

    public long FileSizeBytes { get; private set; }

    public string Title { get; private set; } = "";

    public List<string> Tags { get; private set; } = [];

    public string? Passthrough { get; private set; }

    public PlaybackPolicy Policy { get; private set; }

    /// <summary>Where the bytes land. A single PUT can be repeated while its URL lives, so it is copied away; parts can't once they are joined, so they stay.</summary>
    public string S3Key { get; private set; } = "";

    /// <summary>The store's own id of a multipart upload.</summary>
    public string? S3UploadId { get; private set; }

    public long? PartSizeBytes { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public ArtifactType ArtifactType => MimeType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? ArtifactType.Audio : ArtifactType.Video;

    public UploadSession WithMultipart(string s3UploadId)
    {
        S3UploadId = s3UploadId;
        return this;
    }

    /// <summary>The session as the contract shows it, without URLs.</summary>
    public UploadObject ToObject() => new()
    {
        Id = Id,
        Status = Status,
        Method = Method,
        Filename = Filename,
        MimeType = MimeType,
        FileSizeBytes = FileSizeBytes,
        UploadId = S3UploadId,
        PartSizeBytes = PartSizeBytes,
        PartCount = PartSizeBytes is { } size ? PartPlan.CountOf(FileSizeBytes, size) : null,
        // The artifact's row comes with finalize.
        ArtifactId = Status == UploadStatus.Completed ? ArtifactId : null,
        VideoId = VideoId,
        ExpiresAt = ExpiresAt,
        CreatedAt = CreatedAt,
    };

    private sealed class Configuration : IEntityTypeConfiguration<UploadSession>
    {
        public void Configure(EntityTypeBuilder<UploadSession> builder)
        {
            builder.ToTable("uploads");
            builder.HasOne<Company>().WithMany().HasForeignKey(u => u.CompanyId);
            builder.HasOne<User>().WithMany().HasForeignKey(u => u.UserId);
            builder.HasOne<ApiKey>().WithMany().HasForeignKey(u => u.ApiKeyId);
            builder.Ignore(u => u.ArtifactType);
            builder.Property(u => u.S3Key).HasColumnName("s3_key");
            builder.Property(u => u.S3UploadId).HasColumnName("s3_upload_id");
        }
    }
}

/// <summary>Limits of upload sessions.</summary>
public static class UploadLimits
{
    /// <summary>The contract's 100 MB: below it, one PUT is quicker than the round trips of a multipart upload.</summary>
    public const long MultipartFromBytes = 100_000_000;

    /// <summary>5 TiB: S3's largest object.</summary>
    public const long MaxFileBytes = 5L << 40;

    /// <summary>Part URLs in one answer.</summary>
    public const int MaxUrlsPerAnswer = 1000;

    /// <summary>A presigned URL's life.</summary>
    public static readonly TimeSpan UrlLifetime = TimeSpan.FromHours(24);

    /// <summary>How long a session can be resumed and finalized; the bucket's own rule removes forgotten parts a day later at the earliest.</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromDays(6);
}
