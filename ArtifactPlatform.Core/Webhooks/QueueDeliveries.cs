using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Webhooks;

/// <param name="Sequence">Null for a test.</param>
public sealed record DeliverableEvent(string Id, long? Sequence, string Type);

/// <summary>Notes what an endpoint is to get; the worker sends it.</summary>
public static class QueueDeliveries
{
    /// <summary>Adds one delivery for each event, in <paramref name="db"/>'s transaction. What is on its way already is not added again but hurried, by an attempt beside its schedule.</summary>
    public static async Task AddAsync(PlatformDb db, WebhookEndpoint endpoint, IReadOnlyList<DeliverableEvent> events, WebhookTrigger trigger, DateTimeOffset now, CancellationToken ct)
    {
        // Ids of one moment are in no order of their own; the list shows them in that of the events.
        var ids = events.Select(_ => Ids.New("whd", now)).Order(StringComparer.Ordinal).ToArray();
        var (eventIds, sequences, types) = (events.Select(e => e.Id).ToArray(), events.Select(e => e.Sequence).ToArray(), events.Select(e => e.Type).ToArray());
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into webhook_deliveries (id, company_id, endpoint_id, event_id, event_sequence, event_type, trigger, status, next_attempt_at, created_at)
            select wanted.id, {endpoint.CompanyId}, {endpoint.Id}, wanted.event_id, wanted.sequence, wanted.type, {trigger.Word()}, 'pending', now(), {now}
            from unnest({ids}, {eventIds}, {sequences}, {types}) as wanted (id, event_id, sequence, type)
            on conflict (endpoint_id, event_id) where status = 'pending'
            do update set next_attempt_at = excluded.next_attempt_at, hurried_from = coalesce(webhook_deliveries.hurried_from, webhook_deliveries.next_attempt_at)
            where webhook_deliveries.lease_token is null and webhook_deliveries.next_attempt_at > excluded.next_attempt_at
            """,
            ct);
    }
}
