using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace ArtifactPlatform.Web.Auth;

/// <summary>Drops a cookie whose session the platform has ended, so that the next thing the user sees is the sign-in page.</summary>
public sealed class SessionCookieEvents(SessionChecks checks) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // Styles and scripts are for everyone; only what shows data is worth the question.
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>() is null)
        {
            return;
        }

        var token = context.Principal is { } principal ? SessionClaims.FindToken(principal) : null;
        var check = token is null ? new SessionCheck(Holds: false, User: null) : await checks.CheckAsync(token, context.HttpContext.RequestAborted);
        if (!check.Holds)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(context.Scheme.Name);
        }
        else if (token is not null && check.User is { } user && context.Principal is { } known && user != SessionClaims.ToUser(known))
        {
            // Their name or role has changed.
            context.ReplacePrincipal(SessionClaims.ToPrincipal(token, user));
            context.ShouldRenew = true;
        }
    }
}
