using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Docks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class CreateDock
{
    public static async Task<Results<Created<DockObject>, BadRequestError, ConflictError>> Handle(
        CreateDockRequest request, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Docks.CountAsync(d => d.CompanyId == caller.CompanyId, ct) >= DockLimits.MaxDocks)
        {
            return Error.TooManyInCompany("docks", DockLimits.MaxDocks);
        }

        var dock = new Dock(caller.CompanyId, caller.UserId, request.Name ?? "", request.MaxSizeBytes, clock.GetUtcNow());
        db.Add(dock);
        db.Add(audit.Entry(AuditActions.DockCreated, dock.Id, new { dock.Name, dock.MaxSizeBytes }));
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/docks/{dock.Id}", await ShowDock.Show(db, db.Docks.Where(d => d.Id == dock.Id && d.CompanyId == caller.CompanyId)).SingleAsync(ct));
    }
}
