using System.Globalization;
using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Webhooks;

/// <summary>Sends events again: one, or a range of the log as the endpoint listens to it now.</summary>
internal static class ReplayWebhookEvents
{
    public static async Task<Results<Ok<WebhookReplay>, BadRequestError, NotFoundError, ConflictError>> Handle(
        string endpointId, ReplayWebhookEventsRequest request, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        if (Check(request) is { } refused)
        {
            return refused;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var endpoint = await db.LockEndpointAsync(endpointId, caller.CompanyId, ct);
        if (endpoint is null)
        {
            return Error.WebhookEndpointNotFound();
        }

        if (endpoint.Status == WebhookEndpointStatus.Disabled)
        {
            return Error.WebhookEndpointDisabled();
        }

        var found = await Select(db.Events.Where(e => e.CompanyId == caller.CompanyId), request, endpoint.EventList)
            .OrderBy(e => e.Sequence)
            .Take(WebhookLimits.MaxReplay + 1)
            .Select(e => new DeliverableEvent(e.Id, e.Sequence, e.Type))
            .ToListAsync(ct);
        if (request.EventId is not null && found.Count == 0)
        {
            return Error.EventNotFound();
        }

        if (request.After is { } after && EventLog.TryParseId(after, out var place) && await EventLog.HasPrunedAsync(db, caller.CompanyId, place, ct))
        {
            return Error.EventsPruned("after");
        }

        var queued = found.Take(WebhookLimits.MaxReplay).ToList();
        await QueueDeliveries.AddAsync(db, endpoint, queued, WebhookTrigger.Replay, clock.GetUtcNow(), ct);
        db.Add(audit.Entry(AuditActions.WebhookEventsReplayed, endpointId, new { request.EventId, request.After, request.Before, queued.Count }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(new WebhookReplay(queued.Count, found.Count > queued.Count ? queued[^1].Id : null));
    }

    private static BadRequestError? Check(ReplayWebhookEventsRequest request)
    {
        if (request.EventId is null == request.After is null || (request.EventId is not null && request.Before is not null))
        {
            return Error.ReplayRangeRequired();
        }

        return request.After is { } after && !IsPlace(after) ? Error.InvalidReplayRange("after")
            : request.Before is { } before && !IsPlace(before) ? Error.InvalidReplayRange("before")
            : null;
    }

    private static IQueryable<EventRow> Select(IQueryable<EventRow> events, ReplayWebhookEventsRequest request, List<string> listensTo)
    {
        if (request.EventId is { } id)
        {
            return events.Where(e => e.Id == id);
        }

        if (request.After is { } after)
        {
            events = EventLog.TryParseId(after, out var sequence) ? events.Where(e => e.Sequence > sequence) : After(events, Instant(after));
        }

        if (request.Before is { } before)
        {
            events = EventLog.TryParseId(before, out var sequence) ? events.Where(e => e.Sequence < sequence) : Before(events, Instant(before));
        }

        return events.OfTypes(listensTo);
    }

    private static IQueryable<EventRow> After(IQueryable<EventRow> events, DateTimeOffset? instant) => events.Where(e => e.CreatedAt > instant);

    private static IQueryable<EventRow> Before(IQueryable<EventRow> events, DateTimeOffset? instant) => events.Where(e => e.CreatedAt < instant);

    private static bool IsPlace(string text) => EventLog.TryParseId(text, out _) || Instant(text) is not null;

    private static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;
}
