using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Webhooks;

internal static class CreateWebhookEndpoint
{
    public static async Task<Results<Created<CreatedWebhookEndpoint>, BadRequestError, ConflictError>> Handle(
        CreateWebhookEndpointRequest request, Caller caller, PlatformDb db, SecretBox secrets, AuditTrail audit, IOptions<WebhookOptions> options, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        if (WebhookRules.Check(request.Url, request.Events, options.Value) is { } refused)
        {
            return refused;
        }

        if (await db.WebhookEndpoints.CountAsync(e => e.CompanyId == caller.CompanyId, ct) >= WebhookLimits.MaxEndpoints)
        {
            return Error.TooManyInCompany("webhook endpoints", WebhookLimits.MaxEndpoints);
        }

        var secret = WebhookSignature.NewSecret();
        var endpoint = new WebhookEndpoint(
            caller.CompanyId,
            caller.UserId,
            request.Url ?? "",
            request.Description is { Length: > 0 } description ? description : null,
            request.Events?.Distinct() ?? [],
            secrets.Protect(SecretBox.WebhookSecretPurpose, secret),
            await EventLog.HeadAsync(db, caller.CompanyId, ct),
            clock.GetUtcNow());
        db.Add(endpoint);
        db.Add(audit.Entry(AuditActions.WebhookEndpointCreated, endpoint.Id, new { Url = WebhookRules.WithoutQuery(endpoint.Url), Events = endpoint.EventList }));
        await db.SaveChangesAsync(ct);
        var shown = await ShowWebhook.Show(db, db.WebhookEndpoints.Where(e => e.Id == endpoint.Id && e.CompanyId == caller.CompanyId)).SingleAsync(ct);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/v1/webhook-endpoints/{endpoint.Id}", shown.WithSecret(secret));
    }
}
