using System.ComponentModel;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Artifacts;

internal static class DownloadArtifact
{
    /// <summary>Long enough to begin a download, short enough that a leaked URL is soon worthless.</summary>
    private static readonly TimeSpan UrlLifetime = TimeSpan.FromMinutes(5);

    public static async Task<Results<RedirectHttpResult, Ok<DownloadUrl>, NotFoundError, ConflictError>> Handle(
        string artifactId,
        [Description("`false`: answer the URL as JSON instead of redirecting to it.")] bool? redirect,
        Caller caller,
        PlatformDb db,
        ObjectStore store,
        TimeProvider clock,
        HttpResponse response,
        CancellationToken ct)
    {
        var artifact = await db.Artifacts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == artifactId && a.CompanyId == caller.CompanyId, ct);
        if (artifact is null)
        {
            return Error.ArtifactNotFound();
        }

        if (artifact.Status != ArtifactStatus.UploadCompleted)
        {
            return Error.NotCompleted();
        }

        response.Headers.CacheControl = "no-store";
        var url = store.PresignGet(artifact.S3Key, UrlLifetime, artifact.FileName, artifact.ContentType);
        return redirect == false ? TypedResults.Ok(new DownloadUrl(url, clock.GetUtcNow() + UrlLifetime)) : TypedResults.Redirect(url);
    }
}
