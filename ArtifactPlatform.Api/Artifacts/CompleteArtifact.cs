using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Artifacts;

internal static class CompleteArtifact
{
    public static async Task<Results<Ok<ArtifactObject>, NotFoundError, ConflictError>> Handle(string artifactId, Caller caller, PlatformDb db, UploadNotice notice, CancellationToken ct)
    {
        var source = await db.Artifacts
            .Where(a => a.Id == artifactId && a.CompanyId == caller.CompanyId)
            .Select(a => new { a.Source, a.Status })
            .SingleOrDefaultAsync(ct);
        if (source is null)
        {
            return Error.ArtifactNotFound();
        }

        if (source.Source != ArtifactSource.Upload)
        {
            return Error.NotAnUpload();
        }

        if (source.Status == ArtifactStatus.Created && !await notice.CheckAsync(artifactId, ct))
        {
            return Error.UploadMissing();
        }

        return await ArtifactLog.ShownAsync(db, caller.CompanyId, artifactId, ct) is { } artifact ? TypedResults.Ok(artifact) : Error.ArtifactNotFound();
    }
}
