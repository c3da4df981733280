using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace ArtifactPlatform.Web.Auth;

/// <summary>The dashboard's own sign-in: a cookie that holds the platform's session token where scripts cannot read it.</summary>
public static class SignInSetup
{
    public const string SignInPath = "/sign-in";
    public const string ReturnUrlParameter = "returnUrl";

    /// <summary>Fixed: replicas and later versions must be able to read each other's cookies.</summary>
    private const string ApplicationName = "ArtifactPlatform.Web";

    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var keys = services.AddDataProtection().SetApplicationName(ApplicationName);
        if (configuration.GetSection(WebOptions.Section).Get<WebOptions>()?.KeysPath is { Length: > 0 } keysPath)
        {
            keys.PersistKeysToFileSystem(new DirectoryInfo(keysPath));
        }

        services.AddSingleton<SessionChecks>();
        services.AddSingleton<JoinCookie>();
        services.AddScoped<SessionCookieEvents>();
        services.AddCascadingAuthenticationState();
        services.AddAuthorization();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "artifact-platform-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            options.Cookie.Name = "artifact-platform-session";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.LoginPath = SignInPath;
            options.AccessDeniedPath = SignInPath;
            options.ReturnUrlParameter = ReturnUrlParameter;
            // The cookie ends with the platform's session, not later.
            options.SlidingExpiration = false;
            options.EventsType = typeof(SessionCookieEvents);
        }).AddOidc(configuration.GetSection(OidcOptions.Section).Get<OidcOptions>());
        return services;
    }
}
