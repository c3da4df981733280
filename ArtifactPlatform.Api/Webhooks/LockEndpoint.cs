using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Webhooks;

internal static class LockEndpoint
{
    /// <summary>Reads an endpoint and keeps it as it is until the transaction ends: who disables it at the same moment also ends what is added here.</summary>
    public static Task<WebhookEndpoint?> LockEndpointAsync(this PlatformDb db, string endpointId, string companyId, CancellationToken ct) =>
        db.WebhookEndpoints.FromSql($"select * from webhook_endpoints where id = {endpointId} and company_id = {companyId} for share").AsNoTracking().SingleOrDefaultAsync(ct);
}
