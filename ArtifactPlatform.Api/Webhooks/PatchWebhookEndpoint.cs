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
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Webhooks;

internal static class PatchWebhookEndpoint
{
    public static async Task<Results<Ok<WebhookEndpointObject>, BadRequestError, NotFoundError>> Handle(
        string endpointId, PatchWebhookEndpointRequest request, Caller caller, PlatformDb db, AuditTrail audit, IOptions<WebhookOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (WebhookRules.Check(request.Url, request.Events, options.Value) is { } refused)
        {
            return refused;
        }

        var mine = db.WebhookEndpoints.Where(e => e.Id == endpointId && e.CompanyId == caller.CompanyId);
        if (request.IsEmpty())
        {
            return await ShowWebhook.Show(db, mine).SingleOrDefaultAsync(ct) is { } same ? TypedResults.Ok(same) : Error.WebhookEndpointNotFound();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var changed = await ChangeAsync(mine, request, clock.GetUtcNow(), ct);
        if (changed == 0)
        {
            return Error.WebhookEndpointNotFound();
        }

        switch (request.Status)
        {
            case WebhookEndpointStatus.Enabled:
                await EnableAsync(db, mine, caller.CompanyId, clock.GetUtcNow(), ct);
                break;
            case WebhookEndpointStatus.Disabled:
                await DisableEndpoint.ApplyAsync(db, caller.CompanyId, endpointId, WebhookDisabledReason.ByUser, clock.GetUtcNow(), ct);
                break;
        }

        db.Add(audit.Entry(AuditActions.WebhookEndpointChanged, endpointId, request.Url is { } url ? request with { Url = WebhookRules.WithoutQuery(url) } : request));
        await db.SaveChangesAsync(ct);
        var shown = await ShowWebhook.Show(db, mine).SingleAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(shown);
    }

    /// <summary>Another address has not failed yet.</summary>
    private static Task<int> ChangeAsync(IQueryable<WebhookEndpoint> mine, PatchWebhookEndpointRequest request, DateTimeOffset now, CancellationToken ct)
    {
        var events = request.Events?.Distinct().ToList();
        var description = request.Description is { Length: > 0 } text ? text : null;
        return mine.ExecuteUpdateAsync(
            set =>
            {
                set.SetProperty(e => e.UpdatedAt, now);
                if (request.Url is { } url)
                {
                    set.SetProperty(e => e.FailingSince, e => e.Url == url ? e.FailingSince : null);
                    set.SetProperty(e => e.FailureCount, e => e.Url == url ? e.FailureCount : 0);
                    set.SetProperty(e => e.Url, url);
                }

                if (events is not null)
                {
                    set.SetProperty(e => e.EventList, events);
                }

                if (request.Names(nameof(request.Description)))
                {
                    set.SetProperty(e => e.Description, description);
                }
            },
            ct);
    }

    /// <summary>From now on: whoever enables after a month does not want that month all at once.</summary>
    private static async Task EnableAsync(PlatformDb db, IQueryable<WebhookEndpoint> mine, string companyId, DateTimeOffset now, CancellationToken ct)
    {
        var head = await EventLog.HeadAsync(db, companyId, ct);
        // Left by a worker that died while it sent: a live one's has a lease that lasts, and settles by itself.
        await DisableEndpoint.GiveUpAsync(
            db.WebhookDeliveries.Where(d => d.CompanyId == companyId && d.Status == WebhookDeliveryStatus.Pending && d.NextAttemptAt <= now
                && mine.Any(e => e.Id == d.EndpointId && e.Status == WebhookEndpointStatus.Disabled)),
            ct);
        await mine.Where(e => e.Status == WebhookEndpointStatus.Disabled).ExecuteUpdateAsync(
            set => set
                .SetProperty(e => e.Status, WebhookEndpointStatus.Enabled)
                .SetProperty(e => e.DisabledReason, (WebhookDisabledReason?)null)
                .SetProperty(e => e.DisabledAt, (DateTimeOffset?)null)
                .SetProperty(e => e.FailingSince, (DateTimeOffset?)null)
                .SetProperty(e => e.FailureCount, 0)
                .SetProperty(e => e.Position, head),
            ct);
    }
}
