using ArtifactPlatform.Web.Auth;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Web.Docks;

/// <summary><c>GET /docks/{dockId}/artifacts/{id}/download</c>: sends the browser to the object store.</summary>
public static class DownloadDockArtifact
{
    public static string PathTo(string dockId, string artifactId) => $"/docks/{dockId}/artifacts/{artifactId}/download";

    public static void MapDockDownload(this IEndpointRouteBuilder routes) => routes.MapGet("/docks/{dockId}/artifacts/{id}/download", HandleAsync).RequireAuthorization();

    private static async Task<Results<RedirectHttpResult, StatusCodeHttpResult>> HandleAsync(string dockId, string id, HttpContext context, PlatformConnection platform, CancellationToken ct)
    {
        try
        {
            var download = await platform.ClientFor(SessionClaims.FindToken(context.User)).DockArtifacts(dockId).GetDownloadAsync(id, ct);
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Redirect(download.Url);
        }
        catch (Exception e) when (PlatformProblems.IsFailedCall(e, ct))
        {
            return TypedResults.StatusCode(PlatformProblems.Explain(e).Kind switch
            {
                ProblemKind.NotFound => StatusCodes.Status404NotFound,
                ProblemKind.Unreachable => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status409Conflict,
            });
        }
    }
}
