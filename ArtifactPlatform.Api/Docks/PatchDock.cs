using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class PatchDock
{
    public static async Task<Results<Ok<DockObject>, BadRequestError, NotFoundError>> Handle(
        string dockId, PatchDockRequest request, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        var mine = db.Docks.Where(d => d.Id == dockId && d.CompanyId == caller.CompanyId);
        if (!request.IsEmpty())
        {
            var now = clock.GetUtcNow();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var changed = await mine.ExecuteUpdateAsync(
                set => set
                    .SetProperty(d => d.Name, d => request.Name ?? d.Name)
                    .SetProperty(d => d.MaxSizeBytes, d => request.MaxSizeBytes ?? d.MaxSizeBytes)
                    .SetProperty(d => d.UpdatedAt, now),
                ct);
            if (changed == 0)
            {
                return Error.DockNotFound();
            }

            db.Add(audit.Entry(AuditActions.DockChanged, dockId, new { request.Name, request.MaxSizeBytes }));
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        return await ShowDock.Show(db, mine).SingleOrDefaultAsync(ct) is { } dock ? TypedResults.Ok(dock) : Error.DockNotFound();
    }
}
