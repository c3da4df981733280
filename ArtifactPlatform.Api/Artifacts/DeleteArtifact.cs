using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Artifacts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Artifacts;

internal static class DeleteArtifact
{
    public static async Task<Results<NoContent, NotFoundError>> Handle(string artifactId, Caller caller, DeletedArtifacts artifacts, AuditTrail audit, CancellationToken ct) =>
        await artifacts.DeleteAsync(caller.CompanyId, artifactId, audit.Deleted, ct) ? TypedResults.NoContent() : Error.ArtifactNotFound();
}
