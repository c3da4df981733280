using System.ComponentModel;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class DownloadDockArtifact
{
    /// <summary>Long enough to begin a download, short enough that a leaked URL is soon worthless.</summary>
    private static readonly TimeSpan UrlLifetime = TimeSpan.FromMinutes(5);

    public static async Task<Results<RedirectHttpResult, Ok<DockDownload>, NotFoundError, ConflictError>> Handle(
        string dockId,
        string dockArtifactId,
        [Description("`false`: answer the URL as JSON instead of redirecting to it.")] bool? redirect,
        Caller caller,
        PlatformDb db,
        ObjectStore store,
        TimeProvider clock,
        HttpResponse response,
        CancellationToken ct)
    {
        var artifact = await db.DockArtifacts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == dockArtifactId && a.DockId == dockId && a.CompanyId == caller.CompanyId, ct);
        if (artifact is null)
        {
            return Error.DockArtifactNotFound();
        }

        if (artifact is not { Status: ArtifactStatus.UploadCompleted, Hash: { } hash, SizeBytes: { } size })
        {
            return Error.NotCompleted();
        }

        // Bytes don't pass through here to be hashed again; but that the store has the very object whose bytes were hashed, it can tell.
        if (!await DockContent.IsIntactAsync(store, artifact, ct))
        {
            return Error.ContentDamaged();
        }

        response.Headers.CacheControl = "no-store";
        response.Headers["Repr-Digest"] = ContentHash.ToDigestHeader(hash);
        var url = store.PresignGet(artifact.S3Key, UrlLifetime, artifact.Filename, artifact.ContentType);
        return redirect == false ? TypedResults.Ok(new DockDownload(url, clock.GetUtcNow() + UrlLifetime, hash, size)) : TypedResults.Redirect(url);
    }
}
