using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Webhooks;

/// <summary>Webhook endpoints and deliveries in the contract's form.</summary>
internal static class ShowWebhook
{
    /// <summary>Keeps the order.</summary>
    public static IQueryable<WebhookEndpointObject> Show(PlatformDb db, IQueryable<WebhookEndpoint> endpoints) => endpoints.AsNoTracking().Select(e => new WebhookEndpointObject
    {
        Id = e.Id,
        Url = e.Url,
        Description = e.Description,
        Events = e.EventList,
        Status = e.Status,
        DisabledReason = e.DisabledReason,
        DisabledAt = e.DisabledAt,
        FailingSince = e.FailingSince,
        PreviousSecretExpiresAt = e.PreviousExpiresAt,
        CreatedAt = e.CreatedAt,
        UpdatedAt = e.UpdatedAt,
        CreatedBy = new NamedRef(e.UserId, db.Users.Where(u => u.Id == e.UserId).Select(u => u.Name).SingleOrDefault()),
    });

    /// <summary>Keeps the order.</summary>
    public static IQueryable<WebhookDeliveryObject> Show(IQueryable<WebhookDelivery> deliveries) => deliveries.AsNoTracking().Select(d => new WebhookDeliveryObject
    {
        Id = d.Id,
        EndpointId = d.EndpointId,
        EventId = d.EventId,
        EventType = d.EventType,
        Trigger = d.Trigger,
        Status = d.Status,
        Attempts = d.Attempt,
        NextAttemptAt = d.NextAttemptAt,
        LastAttemptAt = d.AttemptedAt,
        Duration = d.DurationMs,
        ResponseStatus = d.ResponseStatus,
        ResponseBody = d.ResponseBody,
        ErrorCode = d.ErrorCode,
        ErrorMessage = d.ErrorMessage,
        CreatedAt = d.CreatedAt,
    });

    /// <summary>With the secret, this one time.</summary>
    public static CreatedWebhookEndpoint WithSecret(this WebhookEndpointObject endpoint, string secret) => new(endpoint) { Secret = secret };
}
