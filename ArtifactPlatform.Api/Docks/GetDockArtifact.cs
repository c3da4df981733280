using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class GetDockArtifact
{
    public static async Task<Results<Ok<DockArtifactObject>, NotFoundError>> Handle(
        string dockId, string dockArtifactId, Caller caller, PlatformDb db, ObjectStore store, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        var artifact = await db.DockArtifacts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == dockArtifactId && a.DockId == dockId && a.CompanyId == caller.CompanyId, ct);
        if (artifact is null)
        {
            return Error.DockArtifactNotFound();
        }

        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(artifact.ToReadableObject(store, clock.GetUtcNow()));
    }
}
