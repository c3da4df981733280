using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Artifacts;

internal static class RestoreArtifact
{
    public static async Task<Results<Ok<ArtifactObject>, NotFoundError, ConflictError>> Handle(
        string artifactId, Caller caller, DeletedArtifacts artifacts, ObjectStore store, AuditTrail audit, CancellationToken ct)
    {
        // What comes back without its file would be no artifact.
        if (await artifacts.KeyOfAsync(store.Bucket, caller.CompanyId, artifactId, ct) is { } key && await store.HeadAsync(key, ct) is null)
        {
            return Error.ContentLost();
        }

        return await artifacts.RestoreAsync(caller.CompanyId, artifactId, audit.Entry(AuditActions.ArtifactRestored, artifactId, new { }), ct) is { } restored
            ? TypedResults.Ok(restored)
            : Error.NotRestorable();
    }
}
