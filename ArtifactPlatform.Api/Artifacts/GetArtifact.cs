using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Artifacts;

internal static class GetArtifact
{
    public static async Task<Results<Ok<ArtifactObject>, NotFoundError>> Handle(string artifactId, Caller caller, PlatformDb db, CancellationToken ct) =>
        await ArtifactLog.ShownAsync(db, caller.CompanyId, artifactId, ct) is { } artifact ? TypedResults.Ok(artifact) : Error.ArtifactNotFound();
}
