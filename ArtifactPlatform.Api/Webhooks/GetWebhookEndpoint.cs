using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Webhooks;

internal static class GetWebhookEndpoint
{
    public static async Task<Results<Ok<WebhookEndpointObject>, NotFoundError>> Handle(string endpointId, Caller caller, PlatformDb db, CancellationToken ct) =>
        await ShowWebhook.Show(db, db.WebhookEndpoints.Where(e => e.Id == endpointId && e.CompanyId == caller.CompanyId)).SingleOrDefaultAsync(ct) is { } endpoint
            ? TypedResults.Ok(endpoint)
            : Error.WebhookEndpointNotFound();
}
