using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ArtifactPlatform.Web.Auth;

/// <summary>
/// Signing in through an OpenID Connect provider: code flow with PKCE, state and nonce here, and a platform session from the Api, which
/// checks the provider's token itself.
/// </summary>
public static class OidcSignIn
{
    public const string Path = "/sign-in/oidc";
    public const string ProblemParameter = "problem";

    private const string CallbackPath = "/sign-in/oidc/callback";

    /// <summary>Travels in the state, which nobody but the dashboard can read.</summary>
    private const string InvitationItem = "invitation";

    public static AuthenticationBuilder AddOidc(this AuthenticationBuilder authentication, OidcOptions? settings)
    {
        ArgumentNullException.ThrowIfNull(authentication);
        authentication.Services.AddOptions<OidcOptions>().BindConfiguration(OidcOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return settings is { Authority: { } authority } ? authentication.AddOpenIdConnect(options => Configure(options, settings, authority)) : authentication;
    }

    public static void MapOidcSignIn(this IEndpointRouteBuilder routes) => routes.MapGet(Path, Begin).AllowAnonymous();

    /// <summary>By a link, not a form: the page's Content-Security-Policy keeps forms from leading elsewhere.</summary>
    private static Results<ChallengeHttpResult, NotFound> Begin(string? returnUrl, bool? join, HttpContext context, IOptions<OidcOptions> options, JoinCookie cookie)
    {
        if (options.Value.Authority is null)
        {
            return TypedResults.NotFound();
        }

        var properties = new AuthenticationProperties { RedirectUri = ReturnUrl.Local(returnUrl) };
        if (join == true && cookie.Take(context) is { } invitation)
        {
            properties.Items[InvitationItem] = invitation;
        }

        return TypedResults.Challenge(properties, [OpenIdConnectDefaults.AuthenticationScheme]);
    }

    private static void Configure(OpenIdConnectOptions options, OidcOptions settings, Uri authority)
    {
        options.Authority = authority.ToString();
        options.ClientId = settings.ClientId;
        options.ClientSecret = settings.ClientSecret;
        options.RequireHttpsMetadata = !authority.IsLoopback;
        options.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        options.CallbackPath = CallbackPath;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // By redirect rather than by a form from another site: Lax cookies come along, also where TLS ends in front of the dashboard. A code without its PKCE verifier is worth nothing.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.NonceCookie.SameSite = options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.NonceCookie.SecurePolicy = options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.MapInboundClaims = false;
        options.Scope.Clear();
        foreach (var scope in new[] { "openid", "email", "profile" })
        {
            options.Scope.Add(scope);
        }

        options.Events = new OpenIdConnectEvents { OnTokenValidated = OpenSessionAsync, OnRemoteFailure = ExplainAsync };
    }

    /// <summary>The session is the platform's; of the provider's tokens nothing is kept.</summary>
    private static async Task OpenSessionAsync(TokenValidatedContext context)
    {
        var http = context.HttpContext;
        context.Properties ??= new AuthenticationProperties();
        context.Properties.Items.Remove(InvitationItem, out var invitation);
        var request = new CreateOidcSessionRequest
        {
            IdToken = context.TokenEndpointResponse?.IdToken,
            Nonce = context.Nonce ?? context.SecurityToken.Payload.Nonce,
            InvitationToken = invitation,
            Device = DeviceWords.Of(http.Request),
        };
        var attempt = await http.RequestServices.GetRequiredService<PlatformConnection>().SignInWithOidcAsync(request, http.RequestAborted);
        if (attempt.Session is not { } session)
        {
            context.HandleResponse();
            Refuse(context.Response, attempt.Problem ?? "");
            return;
        }

        context.Principal = SessionClaims.ToPrincipal(session);
        (context.Properties.IsPersistent, context.Properties.ExpiresUtc) = (true, session.ExpiresAt);
    }

    /// <summary>Broken off at the provider, or an answer that does not belong to a sign-in begun here.</summary>
    private static Task ExplainAsync(RemoteFailureContext context)
    {
        context.HandleResponse();
        Refuse(context.Response, "oidc_failed");
        return Task.CompletedTask;
    }

    private static void Refuse(HttpResponse response, string code) => response.Redirect($"{SignInSetup.SignInPath}?{ProblemParameter}={Uri.EscapeDataString(code)}");
}
