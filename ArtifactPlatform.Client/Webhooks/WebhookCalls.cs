using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Webhooks;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>The company's webhook endpoints, newest first.</summary>
    public Task<Page<WebhookEndpointObject>> ListWebhookEndpointsAsync(int? limit, string? startingAfter, CancellationToken ct) =>
        GetAsync<Page<WebhookEndpointObject>>($"webhook-endpoints{new QueryString().Add("limit", limit).Add("startingAfter", startingAfter)}", ct);

    public Task<WebhookEndpointObject> GetWebhookEndpointAsync(string endpointId, CancellationToken ct) => GetAsync<WebhookEndpointObject>(WebhookPath(endpointId), ct);

    /// <summary>Makes an endpoint; the answer is the only one that shows its secret.</summary>
    public Task<CreatedWebhookEndpoint> CreateWebhookEndpointAsync(CreateWebhookEndpointRequest request, CancellationToken ct) =>
        SendAsync<CreatedWebhookEndpoint>(HttpMethod.Post, "webhook-endpoints", request, ct);

    /// <summary>Changes an endpoint, or switches it on or off.</summary>
    public Task<WebhookEndpointObject> PatchWebhookEndpointAsync(string endpointId, PatchWebhookEndpointRequest request, CancellationToken ct) =>
        SendAsync<WebhookEndpointObject>(HttpMethod.Patch, WebhookPath(endpointId), request, ct);

    /// <summary>Removes an endpoint and its log; what is on its way is not sent.</summary>
    public async Task DeleteWebhookEndpointAsync(string endpointId, CancellationToken ct) => (await SendAsync(HttpMethod.Delete, WebhookPath(endpointId), body: null, ct)).Dispose();

    /// <summary>Gives an endpoint a new secret; the answer is the only one that shows it.</summary>
    /// <param name="grace">How long requests are signed with the old one, too, up to 7 days; null = a day.</param>
    public Task<CreatedWebhookEndpoint> RotateWebhookSecretAsync(string endpointId, TimeSpan? grace, CancellationToken ct) =>
        SendAsync<CreatedWebhookEndpoint>(HttpMethod.Post, $"{WebhookPath(endpointId)}/rotate-secret", new RotateWebhookSecretRequest { GracePeriodSeconds = (int?)grace?.TotalSeconds }, ct);

    /// <summary>What was sent to an endpoint, newest first.</summary>
    public Task<Page<WebhookDeliveryObject>> ListWebhookDeliveriesAsync(string endpointId, WebhookDeliveryQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        var text = new QueryString().Add("status", query.Status).Add("eventType", query.EventType).Add("eventId", query.EventId).Add("limit", query.Limit).Add("startingAfter", query.StartingAfter);
        return GetAsync<Page<WebhookDeliveryObject>>($"{WebhookPath(endpointId)}/deliveries{text}", ct);
    }

    /// <summary>Sends events again.</summary>
    public Task<WebhookReplay> ReplayWebhookEventsAsync(string endpointId, ReplayWebhookEventsRequest request, CancellationToken ct) =>
        SendAsync<WebhookReplay>(HttpMethod.Post, $"{WebhookPath(endpointId)}/replay", request, ct);

    /// <summary>Sends a test event, once; its delivery tells what came of it.</summary>
    public Task<WebhookDeliveryObject> TestWebhookEndpointAsync(string endpointId, CancellationToken ct) =>
        SendAsync<WebhookDeliveryObject>(HttpMethod.Post, $"{WebhookPath(endpointId)}/test", body: null, ct);

    private static string WebhookPath(string endpointId) => $"webhook-endpoints/{Uri.EscapeDataString(endpointId)}";
}
