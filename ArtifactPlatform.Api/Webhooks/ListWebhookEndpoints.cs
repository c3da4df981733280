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

internal static class ListWebhookEndpoints
{
    private const int DefaultLimit = 20;

    public static async Task<Results<Ok<Page<WebhookEndpointObject>>, BadRequestError>> Handle(
        [Description("Endpoints a page, 1-100."), Range(1, 100), DefaultValue(DefaultLimit)] int? limit,
        [Description("Id of the last endpoint of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        var endpoints = db.WebhookEndpoints.Where(e => e.CompanyId == caller.CompanyId);
        if (startingAfter is not null)
        {
            if (!await endpoints.AnyAsync(e => e.Id == startingAfter, ct))
            {
                return Error.InvalidCursor("startingAfter");
            }

            // Ids sort by time.
            endpoints = endpoints.Where(e => string.Compare(e.Id, startingAfter) < 0);
        }

        var size = limit ?? DefaultLimit;
        var found = await ShowWebhook.Show(db, endpoints.OrderByDescending(e => e.Id).Take(size + 1)).ToListAsync(ct);
        var page = found.Take(size).ToList();
        return TypedResults.Ok(new Page<WebhookEndpointObject>(page, found.Count > size, found.Count > size ? page[^1].Id : null));
    }
}
