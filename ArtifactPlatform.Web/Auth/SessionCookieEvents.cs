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
        if (token is null || !await checks.HoldsAsync(token, context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(context.Scheme.Name);
        }
    }
}
