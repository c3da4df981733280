using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Queue;

public enum JobStatus
{
    Queued,
    Running,
    Done,

    /// <summary>Given up: its attempts are used up or its handler said that no further one can help.</summary>
    Dead,
}

/// <summary>The kinds of job; each has a stream of its own.</summary>
public static class JobKinds
{
    /// <summary>Fetch, check, probe and hash an artifact; the subject is the artifact's id.</summary>
    public const string Ingest = "ingest";

    /// <summary>Remove the stored objects of a deleted artifact, video or temporary upload; the subject is its id.</summary>
    public const string DeleteObjects = "delete_objects";

    /// <summary>Make a video's renditions; the subject is the video's id.</summary>
    public const string ProcessVideo = "process_video";

    /// <summary>Remove a package that another has replaced; the subject is video id, slash, package.</summary>
    public const string DeletePackage = "delete_package";

    /// <summary>Take one frame of a video; the subject is <c>ThumbnailKey</c>'s text.</summary>
    public const string Thumbnail = "thumbnail";

    /// <summary>Verify and keep what was uploaded to a dock; the subject is the dock artifact's id.</summary>
    public const string TakeDeposit = "take_deposit";

    public static IReadOnlyList<string> All { get; } = [Ingest, DeleteObjects, ProcessVideo, DeletePackage, Thumbnail, TakeDeposit];
}

/// <summary>A piece of background work. The row is the truth and its own outbox: Redis only says which one is next.</summary>
public sealed class Job
{
    private Job()
    {
    }

    /// <param name="subjectId">Id of the thing that the work is about. A second open job of one kind for one subject is refused by the database.</param>
    /// <param name="delay">Not before this long; the sweeper sends it then. Left out = at once, sent by the caller.</param>
    public Job(string kind, string subjectId, string companyId, int maxAttempts, DateTimeOffset now, TimeSpan delay = default)
    {
        Id = Ids.New("job", now);
        Kind = kind;
        SubjectId = subjectId;
        CompanyId = companyId;
        MaxAttempts = maxAttempts;
        CreatedAt = UpdatedAt = now;
        RunAfter = now + delay;
        DispatchedAt = delay == default ? now : null;
        TraceParent = Activity.Current?.Id;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string Kind { get; private set; } = "";

    public string SubjectId { get; private set; } = "";

    /// <summary>Version of the job's meaning, for handlers of a later release.</summary>
    public int Version { get; private set; } = 1;

    public JobStatus Status { get; private set; } = JobStatus.Queued;

    /// <summary>How often a worker has begun it.</summary>
    public int Attempt { get; private set; }

    public int MaxAttempts { get; private set; }

    public DateTimeOffset RunAfter { get; private set; }

    /// <summary>When it was last put on its stream; null while it waits for <see cref="RunAfter"/>.</summary>
    public DateTimeOffset? DispatchedAt { get; private set; }

    /// <summary>Random per lease: whoever has another one has lost the job.</summary>
    public string? LeaseToken { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    public string? Worker { get; private set; }

    public string? LastError { get; private set; }

    /// <summary>W3C trace context of the request that made the job.</summary>
    public string? TraceParent { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<Job>
    {
        public void Configure(EntityTypeBuilder<Job> builder)
        {
            builder.ToTable("jobs");
            builder.Property(j => j.Id).HasMaxLength(64);
            builder.Property(j => j.CompanyId).HasMaxLength(64);
            builder.Property(j => j.Kind).HasMaxLength(32);
            builder.Property(j => j.SubjectId).HasMaxLength(64);
            builder.Property(j => j.LeaseToken).HasMaxLength(64);
            builder.Property(j => j.Worker).HasMaxLength(255);
            builder.Property(j => j.LastError).HasMaxLength(2000);
            builder.Property(j => j.TraceParent).HasMaxLength(64);
        }
    }
}
