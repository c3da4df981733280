using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class GetDock
{
    public static async Task<Results<Ok<DockObject>, NotFoundError>> Handle(string dockId, Caller caller, PlatformDb db, CancellationToken ct) =>
        await ShowDock.Show(db, db.Docks.Where(d => d.Id == dockId && d.CompanyId == caller.CompanyId)).SingleOrDefaultAsync(ct) is { } dock ? TypedResults.Ok(dock) : Error.DockNotFound();
}
