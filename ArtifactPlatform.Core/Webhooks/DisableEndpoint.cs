using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Webhooks;

/// <summary>Ends what an endpoint is sent, in the caller's transaction.</summary>
public static class DisableEndpoint
{
    /// <summary>The endpoint first: whoever locks both locks them in this order.</summary>
    /// <returns>False when it is gone, or disabled already.</returns>
    public static async Task<bool> ApplyAsync(PlatformDb db, string companyId, string endpointId, WebhookDisabledReason reason, DateTimeOffset now, CancellationToken ct)
    {
        var disabled = await db.WebhookEndpoints
            .Where(e => e.Id == endpointId && e.CompanyId == companyId && e.Status == WebhookEndpointStatus.Enabled)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(e => e.Status, WebhookEndpointStatus.Disabled)
                    .SetProperty(e => e.DisabledReason, reason)
                    .SetProperty(e => e.DisabledAt, now)
                    .SetProperty(e => e.UpdatedAt, now),
                ct);
        if (disabled == 0)
        {
            return false;
        }

        var deliveries = db.WebhookDeliveries.Where(d => d.EndpointId == endpointId && d.CompanyId == companyId && d.Status == WebhookDeliveryStatus.Pending);
        await GiveUpAsync(deliveries.Where(d => d.LeaseToken == null), ct);
        // What is being sent at this moment is left to its sender, who notes what came of it and tries no more, even if the endpoint is enabled again by then.
        await deliveries.ExecuteUpdateAsync(set => set.SetProperty(d => d.IsGivenUp, true), ct);
        return true;
    }

    /// <param name="deliveries">Pending ones that nobody is sending.</param>
    public static Task<int> GiveUpAsync(IQueryable<WebhookDelivery> deliveries, CancellationToken ct) =>
        deliveries
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(d => d.Status, WebhookDeliveryStatus.Failed)
                    .SetProperty(d => d.NextAttemptAt, (DateTimeOffset?)null)
                    .SetProperty(d => d.LeaseToken, (string?)null)
                    .SetProperty(d => d.ErrorCode, "endpoint_disabled")
                    .SetProperty(d => d.ErrorMessage, "The endpoint was disabled before this was delivered. Enable it, then replay what it missed."),
                ct);
}
