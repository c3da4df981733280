using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Webhooks;

/// <summary>Gives an endpoint a new secret. The one before it signs, too, for the grace period; an older one has ended with this.</summary>
internal static class RotateWebhookSecret
{
    public static async Task<Results<Ok<CreatedWebhookEndpoint>, BadRequestError, NotFoundError, ConflictError>> Handle(
        string endpointId, RotateWebhookSecretRequest? request, Caller caller, PlatformDb db, SecretBox secrets, AuditTrail audit, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        var mine = db.WebhookEndpoints.Where(e => e.Id == endpointId && e.CompanyId == caller.CompanyId);
        if (await mine.AsNoTracking().SingleOrDefaultAsync(ct) is not { } endpoint)
        {
            return Error.WebhookEndpointNotFound();
        }

        var now = clock.GetUtcNow();
        var secret = WebhookSignature.NewSecret();
        var grace = request?.GracePeriodSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : WebhookLimits.UsualGrace;
        var previous = grace > TimeSpan.Zero ? endpoint.ProtectedSecret : null;
        DateTimeOffset? until = previous is null ? null : now + grace;
        var closed = secrets.Protect(SecretBox.WebhookSecretPurpose, secret);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Of two rotations at once one wins: the other's secret would never sign alone.
        var rotated = await mine.Where(e => e.ProtectedSecret == endpoint.ProtectedSecret).ExecuteUpdateAsync(
            set => set
                .SetProperty(e => e.ProtectedSecret, closed)
                .SetProperty(e => e.PreviousProtectedSecret, previous)
                .SetProperty(e => e.PreviousExpiresAt, until)
                .SetProperty(e => e.UpdatedAt, now),
            ct);
        if (rotated == 0)
        {
            return await mine.AnyAsync(ct) ? Error.WebhookEndpointChanged() : Error.WebhookEndpointNotFound();
        }

        db.Add(audit.Entry(AuditActions.WebhookSecretRotated, endpointId, new { Url = WebhookRules.WithoutQuery(endpoint.Url), PreviousSecretExpiresAt = until }));
        await db.SaveChangesAsync(ct);
        var shown = await ShowWebhook.Show(db, mine).SingleAsync(ct);
        await transaction.CommitAsync(ct);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(shown.WithSecret(secret));
    }
}
