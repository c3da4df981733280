using ArtifactPlatform.Client;

namespace ArtifactPlatform.Api.Errors;

internal static partial class Error
{
    public static NotFoundError WebhookEndpointNotFound() => new(new(404, ErrorTypes.NotFound, "webhook_endpoint_not_found", "There is no such webhook endpoint."));

    public static ConflictError WebhookEndpointChanged() => new(Conflict("webhook_endpoint_changed", "The secret was rotated by another request at the same moment. Look at the endpoint, then decide anew."));

    public static ConflictError WebhookEndpointDisabled() => new(Conflict("webhook_endpoint_disabled", "The webhook endpoint is disabled. Enable it first."));

    public static BadRequestError UnknownEventType(string param, IEnumerable<string> known) => new(Invalid("unknown_event_type", $"This must be *, all of one kind like artifact.*, or one of {string.Join(", ", known)}.", param));

    public static BadRequestError ReplayRangeRequired() => new(Invalid("replay_range_required", "Give eventId for one event, or after, and before if you like, for a range.", "eventId"));

    public static BadRequestError InvalidReplayRange(string param) => new(Invalid("invalid_parameter", $"{param} must be an event's id or an instant, like 2026-01-12T12:30:00Z.", param));

    public static NotFoundError EventNotFound() => new(new(404, ErrorTypes.NotFound, "event_not_found", "There is no such event, or it is no longer kept."));

    public static BadRequestError EventsPruned(string param) => new(Invalid("events_pruned", "Events behind this one have been removed, as the company's retention settings say. Read the present state of what you follow, then go on without this id.", param));
}
