using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Webhooks;

/// <summary>Sends an event that did not happen: it goes to this endpoint alone and into no log but the endpoint's own.</summary>
internal static class TestWebhookEndpoint
{
    private const string IdPrefix = "evt_test";

    public static async Task<Results<Ok<WebhookDeliveryObject>, NotFoundError, ConflictError>> Handle(
        string endpointId, Caller caller, PlatformDb db, TimeProvider clock, CancellationToken ct)
    {
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

        var now = clock.GetUtcNow();
        var test = new DeliverableEvent(Ids.New(IdPrefix, now), Sequence: null, EventTypes.WebhookTest);
        await QueueDeliveries.AddAsync(db, endpoint, [test], WebhookTrigger.Test, now, ct);
        var shown = await ShowWebhook.Show(db.WebhookDeliveries.Where(d => d.EndpointId == endpointId && d.CompanyId == caller.CompanyId && d.EventId == test.Id)).SingleAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(shown);
    }
}
