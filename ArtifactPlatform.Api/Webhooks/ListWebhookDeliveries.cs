using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Webhooks;

internal static class ListWebhookDeliveries
{
    private const int DefaultLimit = 20;

    public static async Task<Results<Ok<Page<WebhookDeliveryObject>>, BadRequestError, NotFoundError>> Handle(
        string endpointId,
        [Description("Only those that are `pending`, `delivered` or `failed`.")] WebhookDeliveryStatus? status,
        [Description("Only events of this type, as `video.ready`."), StringLength(64)] string? eventType,
        [Description("Only the event with this id."), StringLength(64)] string? eventId,
        [Description("Deliveries a page, 1-100."), Range(1, 100), DefaultValue(DefaultLimit)] int? limit,
        [Description("Id of the last delivery of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        if (!await db.WebhookEndpoints.AnyAsync(e => e.Id == endpointId && e.CompanyId == caller.CompanyId, ct))
        {
            return Error.WebhookEndpointNotFound();
        }

        var deliveries = db.WebhookDeliveries.Where(d => d.EndpointId == endpointId && d.CompanyId == caller.CompanyId);
        if (startingAfter is not null)
        {
            if (!await deliveries.AnyAsync(d => d.Id == startingAfter, ct))
            {
                return Error.InvalidCursor("startingAfter");
            }

            deliveries = deliveries.Where(d => string.Compare(d.Id, startingAfter) < 0);
        }

        var size = limit ?? DefaultLimit;
        var wanted = deliveries
            .Where(d => (status == null || d.Status == status) && (eventType == null || d.EventType == eventType) && (eventId == null || d.EventId == eventId))
            .OrderByDescending(d => d.Id)
            .Take(size + 1);
        var found = await ShowWebhook.Show(wanted).ToListAsync(ct);
        var page = found.Take(size).ToList();
        return TypedResults.Ok(new Page<WebhookDeliveryObject>(page, found.Count > size, found.Count > size ? page[^1].Id : null));
    }
}
