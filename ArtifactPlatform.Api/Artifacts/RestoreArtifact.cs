using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Artifacts;

internal static class RestoreArtifact
{
    public static async Task<Results<Ok<ArtifactObject>, NotFoundError>> Handle(string artifactId, Caller caller, DeletedArtifacts artifacts, AuditTrail audit, CancellationToken ct) =>
        await artifacts.RestoreAsync(caller.CompanyId, artifactId, audit.Entry(AuditActions.ArtifactRestored, artifactId, new { }), ct) is { } restored
            ? TypedResults.Ok(restored)
            : Error.NotRestorable();
}
