using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Web.Auth;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Web.Artifacts;

/// <summary><c>GET /artifacts/{id}/download</c>: sends the browser to the object store. Ordinary links and "save as" work with it.</summary>
public static class DownloadArtifact
{
    public static string PathTo(string artifactId) => $"/artifacts/{artifactId}/download";

    public static void MapDownload(this IEndpointRouteBuilder routes) => routes.MapGet("/artifacts/{id}/download", HandleAsync).RequireAuthorization();

    private static async Task<Results<RedirectHttpResult, StatusCodeHttpResult>> HandleAsync(string id, HttpContext context, PlatformConnection platform, CancellationToken ct)
    {
        try
        {
            DownloadUrl download = await platform.ClientFor(SessionClaims.FindToken(context.User)).GetDownloadUrlAsync(id, ct);
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
