using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Web.Auth;

/// <summary><c>POST /sign-out</c>: ends the session at the platform and here.</summary>
public static class SignOut
{
    public const string Path = "/sign-out";

    public static void MapSignOut(this IEndpointRouteBuilder routes) => routes.MapPost(Path, HandleAsync).AllowAnonymous();

    private static async Task<Results<RedirectHttpResult, BadRequest>> HandleAsync(
        HttpContext context, IAntiforgery antiforgery, PlatformConnection platform, SessionChecks checks, CancellationToken ct)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.BadRequest();
        }

        if (SessionClaims.FindToken(context.User) is { } token)
        {
            await platform.EndSessionAsync(token, ct);
            checks.Distrust(token);
        }

        await context.SignOutAsync();
        return TypedResults.LocalRedirect($"{SignInSetup.SignInPath}?signedOut=true");
    }
}
