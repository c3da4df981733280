using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.ApiKeys;
using static ArtifactPlatform.Api.OpenApi.Examples;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>The examples of the routes for webhooks, with the objects that they show.</summary>
internal static class WebhookExamples
{
    private const string EventId = "evt_00000000002a5f0c81b3d94e";

    private static readonly DateTimeOffset Time = new(2026, 1, 12, 12, 15, 0, TimeSpan.Zero);

    private static WebhookEndpointObject Endpoint { get; } = new()
    {
        Id = "we_019bb2a4c1f067d3a85e90d1",
        Url = "https://hooks.example.com/artifacts",
        Description = "Ingest pipeline",
        Events = ["artifact.*", EventTypes.VideoReady],
        Status = WebhookEndpointStatus.Enabled,
        CreatedAt = Time,
        UpdatedAt = Time,
        CreatedBy = new NamedRef("019bb2a4c1f067d3a85e90b4", "Demo User"),
    };

    private static CreatedWebhookEndpoint Created { get; } = new(Endpoint) { Secret = "whsec_Zk3v…" };

    private static WebhookDeliveryObject Delivered { get; } = new()
    {
        Id = "whd_019bb2a4c1f067d3a85e90d2",
        EndpointId = Endpoint.Id,
        EventId = EventId,
        EventType = EventTypes.ArtifactUploadCompleted,
        Trigger = WebhookTrigger.Event,
        Status = WebhookDeliveryStatus.Delivered,
        Attempts = 2,
        LastAttemptAt = Time.AddSeconds(6),
        Duration = 84,
        ResponseStatus = 200,
        ResponseBody = "ok",
        CreatedAt = Time,
    };

    private static WebhookDeliveryObject Test { get; } = Delivered with
    {
        EventId = "evt_test_019bb2a4c1f067d3a85e90d3", EventType = EventTypes.WebhookTest, Trigger = WebhookTrigger.Test, Status = WebhookDeliveryStatus.Pending, Attempts = 0,
        NextAttemptAt = Time, LastAttemptAt = null, Duration = null, ResponseStatus = null, ResponseBody = null,
    };

    public static Dictionary<string, Example> All()
    {
        var (missing, disabled, admin) = (Error.WebhookEndpointNotFound().Failure, Error.WebhookEndpointDisabled().Failure, Error.ScopeMissing(Scopes.Admin));
        return new Dictionary<string, Example>
        {
            ["listWebhookEndpoints"] = None.Answers(("page", new Page<WebhookEndpointObject>([Endpoint], HasMore: false, NextCursor: null))).Fails(Error.InvalidCursor("startingAfter").Failure, admin),
            ["getWebhookEndpoint"] = None.Answers(("endpoint", Endpoint)).Fails(missing, admin),
            ["createWebhookEndpoint"] = None.Asks(("endpoint", new CreateWebhookEndpointRequest { Url = Endpoint.Url, Events = Endpoint.Events, Description = Endpoint.Description })).Answers(("endpoint", Created))
                .Fails(Error.UnknownEventType("events[0]", EventTypes.Logged).Failure, Error.TooManyInCompany("webhook endpoints", 50).Failure, admin),
            ["patchWebhookEndpoint"] = None.Asks(("disable", new PatchWebhookEndpointRequest { Status = WebhookEndpointStatus.Disabled }))
                .Answers(("disabled", Endpoint with { Status = WebhookEndpointStatus.Disabled, DisabledReason = WebhookDisabledReason.ByUser, DisabledAt = Time.AddDays(1), UpdatedAt = Time.AddDays(1) }))
                .Fails(Error.ForbiddenAddress("url").Failure, missing, admin),
            ["deleteWebhookEndpoint"] = None.Fails(missing, admin),
            ["rotateWebhookSecret"] = None.Asks(("grace", new RotateWebhookSecretRequest { GracePeriodSeconds = 3600 })).Answers(("endpoint", Created with { PreviousSecretExpiresAt = Time.AddHours(1) }))
                .Fails(Error.InvalidParameter("gracePeriodSeconds", "The field gracePeriodSeconds must be between 0 and 604800."), missing, Error.WebhookEndpointChanged().Failure, admin),
            ["listWebhookDeliveries"] = None.Answers(("page", new Page<WebhookDeliveryObject>([Delivered], HasMore: false, NextCursor: null))).Fails(Error.InvalidCursor("startingAfter").Failure, missing, admin),
            ["replayWebhookEvents"] = None.Asks(("one", new ReplayWebhookEventsRequest { EventId = EventId }), ("range", new ReplayWebhookEventsRequest { After = "2026-01-12T00:00:00Z", Before = "2026-01-13T00:00:00Z" }))
                .Answers(("all", new WebhookReplay(41, NextAfter: null))).Fails(Error.ReplayRangeRequired().Failure, missing, disabled, admin),
            ["testWebhookEndpoint"] = None.Answers(("queued", Test)).Fails(missing, disabled, admin),
        };
    }
}
