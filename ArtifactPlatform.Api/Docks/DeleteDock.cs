using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class DeleteDock
{
    public static async Task<Results<NoContent, NotFoundError, ConflictError>> Handle(string dockId, Caller caller, PlatformDb db, AuditTrail audit, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Waits for deposits that are being announced, and holds up those that come; they find no dock then.
        var dock = await db.Docks.FromSql($"select * from docks where id = {dockId} and company_id = {caller.CompanyId} for update").AsNoTracking().SingleOrDefaultAsync(ct);
        if (dock is null)
        {
            return Error.DockNotFound();
        }

        // What failed has left no bytes, and keeps nobody from tidying up.
        var held = db.DockArtifacts.Where(a => a.DockId == dockId);
        if (await held.AnyAsync(a => a.Status != ArtifactStatus.UploadFailed, ct))
        {
            return Error.DockNotEmpty();
        }

        await held.ExecuteDeleteAsync(ct);
        await db.Docks.Where(d => d.Id == dockId && d.CompanyId == caller.CompanyId).ExecuteDeleteAsync(ct);
        db.Add(audit.Entry(AuditActions.DockDeleted, dockId, new { dock.Name }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
