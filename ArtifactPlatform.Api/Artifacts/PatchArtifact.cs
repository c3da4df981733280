using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Artifacts;

internal static class PatchArtifact
{
    public static async Task<Results<Ok<ArtifactObject>, BadRequestError, NotFoundError>> Handle(
        string artifactId, PatchArtifactRequest request, Caller caller, PlatformDb db, TimeProvider clock, CancellationToken ct)
    {
        var (json, error) = MetadataRules.Check(request.Metadata);
        if (error is not null)
        {
            return error;
        }

        var now = clock.GetUtcNow();
        if (request.ExpiresAt <= now)
        {
            return Error.ExpiryPast();
        }

        if (!request.IsEmpty())
        {
            await db.Artifacts
                .Where(a => a.Id == artifactId && a.CompanyId == caller.CompanyId)
                .ExecuteUpdateAsync(
                    set =>
                    {
                        set.SetProperty(a => a.UpdatedAt, now);
                        if (request.Name is { } name)
                        {
                            set.SetProperty(a => a.Name, name).SetProperty(a => a.FileName, name);
                        }

                        if (request.Names(nameof(request.Metadata)))
                        {
                            set.SetProperty(a => a.Metadata, json);
                        }

                        if (request.Names(nameof(request.ExpiresAt)))
                        {
                            set.SetProperty(a => a.ExpiresAt, request.ExpiresAt?.ToUniversalTime());
                        }
                    },
                    ct);
        }

        return await ArtifactLog.ShownAsync(db, caller.CompanyId, artifactId, ct) is { } artifact ? TypedResults.Ok(artifact) : Error.ArtifactNotFound();
    }
}
