using System.Security.Claims;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Auth;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace ArtifactPlatform.Web.Auth;

/// <summary>A platform session as claims inside the protected sign-in cookie.</summary>
public static class SessionClaims
{
    private const string Token = "platform:token";
    private const string CompanyId = "platform:company_id";
    private const string CompanyName = "platform:company_name";
    private const string Viewer = "viewer";
    private const string Owner = "owner";

    public static ClaimsPrincipal ToPrincipal(SessionCreated session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return ToPrincipal(session.Token, session.User);
    }

    public static ClaimsPrincipal ToPrincipal(string token, SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var identity = new ClaimsIdentity(
            [
                new(ClaimTypes.NameIdentifier, user.Id),
                new(ClaimTypes.Name, user.Name),
                new(ClaimTypes.Email, user.Email),
                new(ClaimTypes.Role, user.Role),
                new(CompanyId, user.Company.Id),
                new(CompanyName, user.Company.Name ?? ""),
                new(Token, token),
            ],
            CookieAuthenticationDefaults.AuthenticationScheme);
        return new ClaimsPrincipal(identity);
    }

    /// <summary>The bearer token for the platform; null when nobody is signed in.</summary>
    public static string? FindToken(ClaimsPrincipal principal) => principal.FindFirstValue(Token);

    public static SessionUser ToUser(ClaimsPrincipal principal) => new(
        Value(principal, ClaimTypes.NameIdentifier),
        Value(principal, ClaimTypes.Name),
        Value(principal, ClaimTypes.Email),
        Value(principal, ClaimTypes.Role),
        new NamedRef(Value(principal, CompanyId), Value(principal, CompanyName)));

    /// <summary>Whether to offer changes at all; the platform itself decides.</summary>
    public static bool MayChange(ClaimsPrincipal principal) => !principal.IsInRole(Viewer);

    /// <summary>Whether to show keys and the like; the platform itself decides.</summary>
    public static bool MayManage(ClaimsPrincipal principal) => principal.IsInRole(Owner);

    private static string Value(ClaimsPrincipal principal, string type) => principal.FindFirstValue(type) ?? "";
}
