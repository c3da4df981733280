using System.Globalization;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Videos;

/// <summary>What the rows need to know of the package that plays; the whole of it is <see cref="VideoPackage"/> in the store.</summary>
public sealed record PackageSummary(IReadOnlyList<RungSummary> Rungs, bool HasStoryboard, bool HasWaveform);

/// <param name="Rung">720 for 720p.</param>
/// <param name="HasMp4">Whether there is a progressive MP4 of it.</param>
public sealed record RungSummary(int Rung, int Width, int Height, int Kbps, bool HasMp4);

/// <summary>What a new video is made with.</summary>
public sealed record VideoDraft
{
    public required string Title { get; init; }

    public string? Description { get; init; }

    public string? Passthrough { get; init; }

    /// <summary>From the contract: <c>original</c>, <c>720p</c> …</summary>
    public string Quality { get; init; } = "original";

    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>A video. Its state changes only by compare-and-set in <see cref="VideoLog"/>; the setters here serve creation.</summary>
public sealed class Video
{
    private Video()
    {
    }

    /// <param name="ownsArtifact">The artifact was made for this video and is deleted with it.</param>
    /// <param name="awaitsArtifact">Processing begins when the artifact is completed, rather than at once.</param>
    public Video(string companyId, string? userId, string artifactId, bool ownsArtifact, bool awaitsArtifact, IngestKind ingestKind, VideoDraft draft, DateTimeOffset now)
    {
        Id = Ids.New("vid", now);
        CompanyId = companyId;
        UserId = userId;
        ArtifactId = artifactId;
        OwnsArtifact = ownsArtifact;
        AwaitsArtifact = awaitsArtifact;
        IngestKind = ingestKind;
        Title = draft.Title;
        Description = draft.Description;
        Passthrough = draft.Passthrough;
        Quality = draft.Quality;
        Tags = [.. draft.Tags];
        CreatedAt = UpdatedAt = QueuedAt = now;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string? UserId { get; private set; }

    public string? ArtifactId { get; private set; }

    public bool OwnsArtifact { get; private set; }

    public bool AwaitsArtifact { get; private set; }

    public IngestKind IngestKind { get; private set; }

    public string Title { get; private set; } = "";

    public string? Description { get; private set; }

    public string? Passthrough { get; private set; }

    public string Quality { get; private set; } = "";

    public List<string> Tags { get; private set; } = [];

    public VideoStatus Status { get; private set; } = VideoStatus.Preparing;

    public int Progress { get; private set; }

    /// <summary>1, and one more with each reprocessing.</summary>
    public int Run { get; private set; } = 1;

    /// <summary>How often a worker has begun, over all runs; also tells one beginning from another.</summary>
    public int TranscodeAttempts { get; private set; }

    /// <summary>Last segment of the prefix of what plays; null while nothing does.</summary>
    public string? Package { get; private set; }

    public PackageSummary? Renditions { get; private set; }

    /// <summary>The ladder that is being made, or was made last; null until the source has been looked at.</summary>
    public List<RenditionProgress>? Rungs { get; private set; }

    public double? DurationSeconds { get; private set; }

    public long? FileSizeBytes { get; private set; }

    public string? VideoCodec { get; private set; }

    public double? Fps { get; private set; }

    public int? SourceWidth { get; private set; }

    public int? SourceHeight { get; private set; }

    public bool? AudioOnly { get; private set; }

    public List<VideoError>? Errors { get; private set; }

    public List<InputReason>? InputReasons { get; private set; }

    public long ViewCount { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>When this run began to wait.</summary>
    public DateTimeOffset QueuedAt { get; private set; }

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? PlayableAt { get; private set; }

    public DateTimeOffset? ReadyAt { get; private set; }

    /// <summary>Names one run of a video: what its encode minutes are held by.</summary>
    public static string RunId(string videoId, int run) => string.Create(CultureInfo.InvariantCulture, $"{videoId}/{run}");

    private sealed class Configuration : IEntityTypeConfiguration<Video>
    {
        public void Configure(EntityTypeBuilder<Video> builder)
        {
            builder.ToTable("videos");
            builder.HasOne<Company>().WithMany().HasForeignKey(v => v.CompanyId);
            builder.HasOne<User>().WithMany().HasForeignKey(v => v.UserId);
            builder.HasOne<Artifact>().WithMany().HasForeignKey(v => v.ArtifactId).OnDelete(DeleteBehavior.SetNull);
            builder.Property(v => v.Renditions).HasJsonColumn();
            builder.Property(v => v.Rungs).HasJsonColumn();
            builder.Property(v => v.Errors).HasJsonColumn();
            builder.Property(v => v.InputReasons).HasJsonColumn();
        }
    }
}

/// <summary>What a video is played by.</summary>
public sealed class VideoPlaybackId
{
    private VideoPlaybackId()
    {
    }

    public VideoPlaybackId(string companyId, string videoId, PlaybackPolicy policy, DateTimeOffset now)
    {
        Id = Ids.New("play", now);
        CompanyId = companyId;
        VideoId = videoId;
        Policy = policy;
        CreatedAt = now;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string VideoId { get; private set; } = "";

    public PlaybackPolicy Policy { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<VideoPlaybackId>
    {
        public void Configure(EntityTypeBuilder<VideoPlaybackId> builder)
        {
            builder.ToTable("playback_ids");
            builder.HasOne<Video>().WithMany().HasForeignKey(p => p.VideoId);
        }
    }
}

/// <summary>The public half of a key that a company signs playback tokens with.</summary>
public sealed class PlaybackKey
{
    private PlaybackKey()
    {
    }

    /// <param name="publicKey">PEM (SubjectPublicKeyInfo).</param>
    public PlaybackKey(string companyId, string publicKey, DateTimeOffset now)
    {
        Id = Ids.New("pk", now);
        CompanyId = companyId;
        PublicKey = publicKey;
        CreatedAt = now;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string PublicKey { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<PlaybackKey>
    {
        public void Configure(EntityTypeBuilder<PlaybackKey> builder)
        {
            builder.ToTable("playback_keys");
            builder.HasOne<Company>().WithMany().HasForeignKey(k => k.CompanyId);
        }
    }
}

/// <summary>One subtitle track; its WebVTT stands at <see cref="Storage.ObjectKeys.Caption"/>.</summary>
public sealed class Caption
{
    private Caption()
    {
    }

    public Caption(string companyId, string videoId, string language, string name, DateTimeOffset now)
    {
        Id = Ids.New("cap", now);
        CompanyId = companyId;
        VideoId = videoId;
        Language = language;
        Name = name;
        CreatedAt = now;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string VideoId { get; private set; } = "";

    public string Language { get; private set; } = "";

    public string Name { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<Caption>
    {
        public void Configure(EntityTypeBuilder<Caption> builder)
        {
            builder.ToTable("captions");
            builder.HasOne<Video>().WithMany().HasForeignKey(c => c.VideoId);
        }
    }
}
