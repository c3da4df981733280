using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace ArtifactPlatform.Web.Auth;

/// <summary>Keeps an invitation's token while its page is open, for those who join through a provider: in an address it would be in logs.</summary>
public sealed class JoinCookie(IDataProtectionProvider protection)
{
    private const string Name = "artifact-platform-join";

    /// <summary>To read a page and press a button.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector(Name).ToTimeLimitedDataProtector();

    public void Keep(HttpContext context, string token)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Cookies.Append(Name, protector.Protect(token, Lifetime), Options(context, Lifetime));
    }

    /// <returns>Null when there is none, or it has run out.</returns>
    public string? Take(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Request.Cookies[Name] is not { } kept)
        {
            return null;
        }

        context.Response.Cookies.Delete(Name, Options(context, lifetime: null));
        try
        {
            return protector.Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions Options(HttpContext context, TimeSpan? lifetime) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, Path = OidcSignIn.Path, MaxAge = lifetime };
}
