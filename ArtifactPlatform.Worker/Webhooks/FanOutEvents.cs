using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Webhooks;

/// <summary>
/// Brings endpoints up to the end of the event log: what an endpoint listens to becomes deliveries, in one transaction with its new
/// position, so that no event is passed over or noted twice however often a worker dies.
/// </summary>
public sealed class FanOutEvents(IDbContextFactory<PlatformDb> databases, TimeProvider clock)
{
    /// <summary>Events of one transaction.</summary>
    private const int PageSize = 500;

    /// <summary>Endpoints of one round; more are found in the next.</summary>
    private const int BatchSize = 200;

    /// <returns>Whether there may be more.</returns>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var behind = await db.Database.SqlQuery<string>(
            $"""
            select e.id as "Value" from webhook_endpoints e join event_heads h using (company_id)
            where e.status = 'enabled' and e.position < h.last_sequence limit {BatchSize}
            """).ToListAsync(ct);
        var more = behind.Count == BatchSize;
        foreach (var endpointId in behind)
        {
            more |= await AdvanceAsync(endpointId, ct);
        }

        return more;
    }

    /// <returns>Whether the log goes on behind the page that was taken.</returns>
    private async Task<bool> AdvanceAsync(string endpointId, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Another worker has it, or it was disabled since.
        if (await db.WebhookEndpoints.FromSql($"select * from webhook_endpoints where id = {endpointId} and status = 'enabled' for update skip locked").AsNoTracking().ToListAsync(ct) is not [var endpoint])
        {
            return false;
        }

        var head = await EventLog.HeadAsync(db, endpoint.CompanyId, ct);
        var page = await db.Events
            .Where(e => e.CompanyId == endpoint.CompanyId && e.Sequence > endpoint.Position && e.Sequence <= head)
            .OfTypes(endpoint.EventList)
            .OrderBy(e => e.Sequence)
            .Take(PageSize)
            .Select(e => new DeliverableEvent(e.Id, e.Sequence, e.Type))
            .ToListAsync(ct);
        var isWhole = page.Count < PageSize;
        var position = isWhole ? head : page[^1].Sequence ?? head;
        await QueueDeliveries.AddAsync(db, endpoint, page, WebhookTrigger.Event, clock.GetUtcNow(), ct);
        await db.WebhookEndpoints.Where(e => e.Id == endpointId).ExecuteUpdateAsync(set => set.SetProperty(e => e.Position, position), ct);
        await transaction.CommitAsync(ct);
        return !isWhole;
    }
}
