using System.Text.Json;
using System.Text.Json.Serialization;

namespace ArtifactPlatform.Client.Events;

/// <summary>One entry of the event log: the same in the replay route, the live streams and webhooks.</summary>
public sealed record PlatformEvent
{
    /// <summary><c>evt_…</c>; ordered within a company. Give it as <c>after</c> or <c>Last-Event-ID</c> to go on behind it.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The kind of thing, a dot, and what happened: <c>artifact.upload_completed</c>.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("company_id")]
    public required string CompanyId { get; init; }

    [JsonPropertyName("data")]
    public required EventData Data { get; init; }
}

/// <summary>The thing as it was right after the change.</summary>
public sealed record EventData([property: JsonPropertyName("object")] JsonElement Object);

/// <summary>The words in an event's <c>type</c>.</summary>
public static class EventTypes
{
    public const string ArtifactCreated = "artifact.created";
    public const string ArtifactUploadStarted = "artifact.upload_started";
    public const string ArtifactProgress = "artifact.progress";
    public const string ArtifactUploadCompleted = "artifact.upload_completed";
    public const string ArtifactUploadFailed = "artifact.upload_failed";
    public const string ArtifactDeleted = "artifact.deleted";
    public const string VideoCreated = "video.created";
    public const string VideoProgress = "video.progress";
    public const string VideoReady = "video.ready";
    public const string VideoErrored = "video.errored";
    public const string VideoDeleted = "video.deleted";
    public const string UploadCreated = "upload.created";
    public const string UploadCompleted = "upload.completed";
    public const string UploadAborted = "upload.aborted";

    /// <summary>Sent to one webhook endpoint when somebody asks for it; it is in no log.</summary>
    public const string WebhookTest = "webhook.test";

    /// <summary>Every type that the event log holds.</summary>
    public static IReadOnlyList<string> Logged { get; } =
    [
        ArtifactCreated, ArtifactUploadStarted, ArtifactProgress, ArtifactUploadCompleted, ArtifactUploadFailed, ArtifactDeleted,
        VideoCreated, VideoProgress, VideoReady, VideoErrored, VideoDeleted,
        UploadCreated, UploadCompleted, UploadAborted,
    ];
}

/// <summary>One page of the event log, oldest first. Give the last event's id as <c>after</c> to get the next.</summary>
public sealed record EventPage(IReadOnlyList<PlatformEvent> Data, bool HasMore);
