using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Webhooks;

/// <summary>Which deliveries to list.</summary>
public sealed record ListWebhookDeliveriesQuery
{
    [Description("Only those in this status.")]
    [AllowedValues(null, "pending", "delivered", "failed", ErrorMessage = "status must be one of pending, delivered, failed")]
    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    [Description("Only events of this type, as `video.ready`.")]
    [StringLength(64)]
    [FromQuery(Name = "eventType")]
    public string? EventType { get; init; }

    [Description("Only the event with this id.")]
    [StringLength(64)]
    [FromQuery(Name = "eventId")]
    public string? EventId { get; init; }

    [Description("Deliveries a page, 1-100.")]
    [Range(1, 100)]
    [DefaultValue(NewestFirst.DefaultLimit)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [Description("Id of the last delivery of the page before this one.")]
    [StringLength(64)]
    [FromQuery(Name = "startingAfter")]
    public string? StartingAfter { get; init; }
}

internal static class ListWebhookDeliveries
{
    public static async Task<Results<Ok<Page<WebhookDeliveryObject>>, BadRequestError, NotFoundError>> Handle(
        string endpointId, [AsParameters] ListWebhookDeliveriesQuery query, Caller caller, PlatformDb db, CancellationToken ct)
    {
        if (!await db.WebhookEndpoints.AnyAsync(e => e.Id == endpointId && e.CompanyId == caller.CompanyId, ct))
        {
            return Error.WebhookEndpointNotFound();
        }

        if (query.EventType is { } type && type != EventTypes.WebhookTest && !EventTypes.Logged.Contains(type))
        {
            return Error.Bad(Error.InvalidParameter("eventType", $"eventType must be one of {string.Join(", ", EventTypes.Logged)}, {EventTypes.WebhookTest}."));
        }

        var deliveries = db.WebhookDeliveries.Where(d => d.EndpointId == endpointId && d.CompanyId == caller.CompanyId);
        if (await deliveries.BehindAsync(query.StartingAfter, ct) is not { } behind)
        {
            return Error.InvalidCursor("startingAfter");
        }

        var found = await ShowWebhook.Show(Filter(behind, query).Newest(query.Limit)).ToListAsync(ct);
        return found.ToPage(query.Limit, d => d.Id);
    }

    private static IQueryable<WebhookDelivery> Filter(IQueryable<WebhookDelivery> deliveries, ListWebhookDeliveriesQuery query)
    {
        if (query.Status is { } word)
        {
            var status = Enum.GetValues<WebhookDeliveryStatus>().Single(s => s.Word() == word);
            deliveries = deliveries.Where(d => d.Status == status);
        }

        return deliveries.Where(d => (query.EventType == null || d.EventType == query.EventType) && (query.EventId == null || d.EventId == query.EventId));
    }
}
