using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Webhooks;

internal static class ListWebhookEndpoints
{
    public static async Task<Results<Ok<Page<WebhookEndpointObject>>, BadRequestError>> Handle(
        [Description("Endpoints a page, 1-100."), Range(1, 100), DefaultValue(NewestFirst.DefaultLimit)] int? limit,
        [Description("Id of the last endpoint of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        var endpoints = db.WebhookEndpoints.Where(e => e.CompanyId == caller.CompanyId);
        if (await endpoints.BehindAsync(startingAfter, ct) is not { } behind)
        {
            return Error.InvalidCursor("startingAfter");
        }

        var found = await ShowWebhook.Show(db, behind.Newest(limit)).ToListAsync(ct);
        return found.ToPage(limit, e => e.Id);
    }
}
