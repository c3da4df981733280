using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Retention;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Retention;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Retention;

internal static class PatchRetention
{
    public static async Task<Results<Ok<RetentionObject>, BadRequestError>> Handle(PatchRetentionRequest request, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        if (request.IsEmpty())
        {
            return await GetRetention.Handle(caller, db, ct);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var settings = await ChangeAsync(request, caller.CompanyId, db, clock.GetUtcNow(), ct);
        db.Add(audit.Entry(AuditActions.RetentionChanged, caller.CompanyId, settings));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(settings);
    }

    /// <summary>One statement, so that two that change different members at once both hold.</summary>
    private static async Task<RetentionObject> ChangeAsync(PatchRetentionRequest request, string companyId, PlatformDb db, DateTimeOffset now, CancellationToken ct)
    {
        var defaults = RetentionSettings.Defaults;
        var changed = await db.RetentionSettings
            .FromSql(
                $"""
                insert into retention_settings (company_id, events_days, deliveries_days, failed_uploads_days, deleted_artifacts_days, updated_at)
                values ({companyId}, {request.EventsDays ?? defaults.EventsDays}, {request.DeliveriesDays ?? defaults.DeliveriesDays},
                    {request.FailedUploadsDays ?? defaults.FailedUploadsDays}, {request.DeletedArtifactsDays ?? defaults.DeletedArtifactsDays}, {now})
                on conflict (company_id) do update set
                    events_days = coalesce({request.EventsDays}::integer, retention_settings.events_days),
                    deliveries_days = coalesce({request.DeliveriesDays}::integer, retention_settings.deliveries_days),
                    failed_uploads_days = coalesce({request.FailedUploadsDays}::integer, retention_settings.failed_uploads_days),
                    deleted_artifacts_days = coalesce({request.DeletedArtifactsDays}::integer, retention_settings.deleted_artifacts_days),
                    updated_at = excluded.updated_at
                returning *
                """)
            .AsNoTracking()
            .ToListAsync(ct);
        return changed.Single().ToObject();
    }
}
