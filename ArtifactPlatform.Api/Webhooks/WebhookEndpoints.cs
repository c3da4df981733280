using ArtifactPlatform.Core.ApiKeys;

namespace ArtifactPlatform.Api.Webhooks;

internal static class WebhookEndpoints
{
    private const string CreateDescription =
        """
        Events that the endpoint listens to are posted to it from now on, by the [Standard Webhooks](https://www.standardwebhooks.com) specification: the event object as body, signed in `webhook-signature` with `secret`, which is in this answer only. `webhook-id` is the event's id, the same in every attempt: take it to recognise what came twice.

        2xx within 15 seconds counts as delivered. Anything else is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h. Events may come in another order than they happened in. A 410 disables the endpoint; so do three days in which every attempt failed, if there were ten.
        """;

    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        var webhooks = api.MapGroup("/webhook-endpoints").RequireAuthorization(Scopes.Admin).WithTags("Webhooks");
        webhooks.MapGet("", ListWebhookEndpoints.Handle).WithName("listWebhookEndpoints").WithSummary("List webhook endpoints").WithDescription("Newest first.");
        webhooks.MapPost("", CreateWebhookEndpoint.Handle).WithName("createWebhookEndpoint").WithSummary("Make a webhook endpoint").WithDescription(CreateDescription);
        webhooks.MapGet("/{endpointId}", GetWebhookEndpoint.Handle).WithName("getWebhookEndpoint").WithSummary("Get a webhook endpoint").WithDescription("The endpoint as it is now, without its secret.");
        webhooks.MapPatch("/{endpointId}", PatchWebhookEndpoint.Handle).WithName("patchWebhookEndpoint").WithSummary("Change a webhook endpoint")
            .WithDescription("Members left out stay as they are; `null` takes the description away. Disabling gives up what is on its way. Enabling sends what happens from then on; replay what was missed.");
        webhooks.MapDelete("/{endpointId}", DeleteWebhookEndpoint.Handle).WithName("deleteWebhookEndpoint").WithSummary("Delete a webhook endpoint")
            .WithDescription("Removes the endpoint and its log. What is on its way is not sent any more.");
        webhooks.MapPost("/{endpointId}/rotate-secret", RotateWebhookSecret.Handle).WithName("rotateWebhookSecret").WithSummary("Rotate a webhook endpoint's secret")
            .WithDescription("Gives the endpoint a new secret. For a day, or as long as you say, each request carries two signatures, of the new and of the old one. `secret` is in this answer only.");
        webhooks.MapGet("/{endpointId}/deliveries", ListWebhookDeliveries.Handle).WithName("listWebhookDeliveries").WithSummary("List deliveries")
            .WithDescription("What was sent to the endpoint, or will be, with the last answer; newest first.");
        webhooks.MapPost("/{endpointId}/replay", ReplayWebhookEvents.Handle).WithName("replayWebhookEvents").WithSummary("Send events again")
            .WithDescription("One event by `eventId`, or all between `after` and `before` that the endpoint listens to, both ends left out. Each is a delivery of its own under the same `webhook-id`. One request takes up to 10,000 events; go on with `nextAfter`.");
        webhooks.MapPost("/{endpointId}/test", TestWebhookEndpoint.Handle).WithName("testWebhookEndpoint").WithSummary("Send a test event")
            .WithDescription("Posts an event of type `webhook.test`, once. The delivery tells what came of it.");
    }
}
