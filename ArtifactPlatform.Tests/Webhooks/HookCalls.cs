using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Webhooks;

namespace ArtifactPlatform.Tests.Webhooks;

/// <summary>What tests of webhooks do again and again.</summary>
internal static class HookCalls
{
    public static Task<CreatedWebhookEndpoint> NewHookAsync(this TestCompany company, string url, params string[] events) =>
        company.Client.CreateWebhookEndpointAsync(new() { Url = url, Events = events is [] ? ["artifact.created"] : events }, CancellationToken.None);

    /// <summary>Makes one <c>artifact.created</c>.</summary>
    /// <returns>The artifact's id.</returns>
    public static async Task<string> RaiseAsync(this TestCompany company, string name = "a.mp4") =>
        (await company.Client.CreateUploadAsync(new() { Name = name, Type = ArtifactType.Video }, CancellationToken.None)).ArtifactId;

    public static async Task<IReadOnlyList<WebhookDeliveryObject>> LogAsync(this TestCompany company, string endpointId, WebhookDeliveryQuery? query = null) =>
        (await company.Client.ListWebhookDeliveriesAsync(endpointId, query ?? new() { Limit = 100 }, CancellationToken.None)).Data;

    /// <summary>Waits for a delivery that is as wanted.</summary>
    public static async Task<WebhookDeliveryObject> DeliveryAsync(this TestCompany company, string endpointId, Func<WebhookDeliveryObject, bool> isWanted)
    {
        IReadOnlyList<WebhookDeliveryObject> last = [];
        return await Eventually.GetAsync(
            async () => (last = await company.LogAsync(endpointId)).FirstOrDefault(isWanted),
            () => $"a delivery to {endpointId}; there are {string.Join("\n", last)}\n{company.Platform.LogsAbout(endpointId)}");
    }

    public static Task<WebhookDeliveryObject> DeliveredAsync(this TestCompany company, string endpointId) => company.DeliveryAsync(endpointId, d => d.Status == WebhookDeliveryStatus.Delivered);
}
