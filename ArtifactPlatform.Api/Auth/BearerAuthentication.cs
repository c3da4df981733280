using System.Security.Claims;
using System.Text.Encodings.Web;
using ArtifactPlatform.Api.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Auth;

/// <summary>Reads <c>Authorization: Bearer …</c> and leaves the <see cref="Caller"/>, or the <see cref="Failure"/>, with the request.</summary>
internal sealed class BearerAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, FindCaller find)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    private const string Prefix = "Bearer ";

    private Failure failure = Error.TokenMissing();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        if (header is not [{ } value] || !value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || value.AsSpan(Prefix.Length).Trim().IsEmpty)
        {
            return Fail(Error.TokenMalformed());
        }

        var (caller, refused) = await find.ByTokenAsync(value[Prefix.Length..].Trim(), Context.RequestAborted);
        if (caller is null)
        {
            return Fail(refused ?? Error.TokenUnknown());
        }

        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.UserId)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => failure.WriteAsync(Context);

    private AuthenticateResult Fail(Failure reason)
    {
        failure = reason;
        return AuthenticateResult.Fail(reason.Code);
    }
}
