using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Webhooks;

internal static class DeleteWebhookEndpoint
{
    public static async Task<Results<NoContent, NotFoundError>> Handle(string endpointId, Caller caller, PlatformDb db, AuditTrail audit, CancellationToken ct)
    {
        var mine = db.WebhookEndpoints.Where(e => e.Id == endpointId && e.CompanyId == caller.CompanyId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await mine.AsNoTracking().SingleOrDefaultAsync(ct) is not { } endpoint || await mine.ExecuteDeleteAsync(ct) == 0)
        {
            return Error.WebhookEndpointNotFound();
        }

        db.Add(audit.Entry(AuditActions.WebhookEndpointDeleted, endpointId, new { Url = WebhookRules.WithoutQuery(endpoint.Url), Events = endpoint.EventList }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
