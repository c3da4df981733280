using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Client.Webhooks;

/// <summary>How the delivery of one event to one endpoint stands.</summary>
public enum WebhookDeliveryStatus
{
    /// <summary>It is being sent, or waits for its next attempt.</summary>
    Pending,

    /// <summary>The endpoint answered 2xx.</summary>
    Delivered,

    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>What made a delivery.</summary>
public enum WebhookTrigger
{
    Event,
    Replay,
    Test,
}

/// <summary>One event on its way to one endpoint, with the last answer to it.</summary>
public sealed record WebhookDeliveryObject
{
    /// <summary><c>whd_…</c>; sorts by time.</summary>
    public required string Id { get; init; }

    public required string EndpointId { get; init; }

    /// <summary>Sent as <c>webhook-id</c>: the same in each attempt and each replay.</summary>
    public required string EventId { get; init; }

    public required string EventType { get; init; }

    public required WebhookTrigger Trigger { get; init; }

    public required WebhookDeliveryStatus Status { get; init; }

    /// <summary>Attempts that were begun.</summary>
    public required int Attempts { get; init; }

    /// <summary>Null once it has ended.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When the last attempt ended; null before the first has.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>Milliseconds of the last attempt.</summary>
    public int? Duration { get; init; }

    /// <summary>HTTP status of the last answer; null when none came.</summary>
    public int? ResponseStatus { get; init; }

    /// <summary>First KiB of the last answer.</summary>
    public string? ResponseBody { get; init; }

    /// <summary>Stable word for why the last attempt failed.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The same for a person.</summary>
    public string? ErrorMessage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Sends events again: <c>POST /api/v1/webhook-endpoints/{id}/replay</c>. One event by its id, or all behind <see cref="After"/> that the endpoint listens to.</summary>
public sealed record ReplayWebhookEventsRequest
{
    /// <summary>One event, whether the endpoint listens to its type or not.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? EventId { get; init; }

    /// <summary>Events behind this one: an event's id, or an instant (ISO 8601).</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? After { get; init; }

    /// <summary>Events before this one: an event's id, or an instant; left out = to the newest.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? Before { get; init; }
}

/// <summary>What a replay has begun.</summary>
/// <param name="Queued">Events that will be sent. Those on their way already are hurried, and count.</param>
/// <param name="NextAfter">Where there are more than one request takes: give it as <c>after</c> to go on. Null at the end.</param>
public sealed record WebhookReplay(int Queued, string? NextAfter);

/// <summary>Which deliveries to list; members left out don't filter.</summary>
public sealed record WebhookDeliveryQuery
{
    public WebhookDeliveryStatus? Status { get; init; }

    /// <summary>As <c>video.ready</c>.</summary>
    public string? EventType { get; init; }

    public string? EventId { get; init; }

    /// <summary>1-100; 20 when null.</summary>
    public int? Limit { get; init; }

    /// <summary>Id of the last delivery of the page before.</summary>
    public string? StartingAfter { get; init; }
}
