using System.Text.Json;

namespace ArtifactPlatform.Client.Artifacts;

/// <summary>What an artifact holds. It decides which files are accepted: a <c>script</c> must be text.</summary>
public enum ArtifactType
{
    Video,
    Audio,
    Script,
}

/// <summary><c>created → upload_started → upload_completed | upload_failed</c>; a retry goes back to <c>created</c>.</summary>
public enum ArtifactStatus
{
    Created,
    UploadStarted,
    UploadCompleted,
    UploadFailed,
}

/// <summary><c>direct_url</c>: presigned PUT, URL or S3 path. <c>fragments</c>: joined from several sources.</summary>
public enum UploadMethod
{
    DirectUrl,
    Fragments,
}

/// <summary>An artifact as the REST API and the event log show it.</summary>
public sealed record ArtifactObject
{
    /// <summary>24 lower-case hex digits; sorts by time of creation.</summary>
    public required string Id { get; init; }

    /// <summary>Display name, kept exactly as given.</summary>
    public required string Name { get; init; }

    /// <summary>Name that a download gets.</summary>
    public required string FileName { get; init; }

    public required ArtifactType Type { get; init; }

    public required ArtifactStatus Status { get; init; }

    public required UploadMethod UploadMethod { get; init; }

    /// <summary>Bytes; null until completed.</summary>
    public long? Size { get; init; }

    /// <summary>Seconds, exact to one frame; null until completed and for scripts.</summary>
    public double? Duration { get; init; }

    /// <summary>What went wrong and what to change, for a person; null unless <c>upload_failed</c>.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Stable word for the failure, for a program; null unless <c>upload_failed</c>.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Object key without the bucket.</summary>
    public required string S3Path { get; init; }

    public required string S3Bucket { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it is deleted by itself; null = never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public required NamedRef Company { get; init; }

    public NamedRef? CreatedBy { get; init; }

    /// <summary>0-100 over fetching, joining, probing and hashing; never falls within one attempt.</summary>
    public required int Progress { get; init; }

    /// <summary>MIME type read from the content, not the name; null until completed.</summary>
    public string? ContentType { get; init; }

    /// <summary><c>sha256:</c> and 64 hex digits over the stored bytes; null until completed.</summary>
    public string? Hash { get; init; }

    /// <summary>What the probe found; null until completed and for scripts.</summary>
    public MediaInfo? Media { get; init; }

    public required ArtifactTimings Timings { get; init; }

    /// <summary>How the fragments were joined; null for other artifacts and until completed.</summary>
    public IReadOnlyList<JoinedFragment>? Fragments { get; init; }

    /// <summary>The caller's own JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>A company or user by id and name.</summary>
public sealed record NamedRef(string Id, string? Name);

/// <summary>Milliseconds that each step took; null for a step that has not ended.</summary>
public sealed record ArtifactTimings
{
    /// <summary>From creation (for a presigned PUT: from when the file was noticed) until work began.</summary>
    public long? Queued { get; init; }

    /// <summary>Download, copy or join into the store.</summary>
    public long? Fetched { get; init; }

    /// <summary>Content check, probe and hash.</summary>
    public long? Probed { get; init; }

    /// <summary>From when the work could begin to the end.</summary>
    public long? Total { get; init; }
}

/// <summary>One fragment's place in the joined artifact. All times in seconds.</summary>
public sealed record JoinedFragment
{
    /// <summary>Place in the request's array, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The place that was asked for.</summary>
    public required double StartTime { get; init; }

    /// <summary>The place it has in the artifact.</summary>
    public required double PlacedAt { get; init; }

    public required double Duration { get; init; }

    /// <summary>Above 0: a gap of this length before the fragment was closed; below 0: an overlap of this length was.</summary>
    public required double GapClosed { get; init; }

    /// <summary>How far sound and picture are apart at the join into this fragment, measured in the joined file; null without both.</summary>
    public double? Drift { get; init; }
}
