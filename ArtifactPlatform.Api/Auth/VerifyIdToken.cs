using ArtifactPlatform.Core.Companies;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace ArtifactPlatform.Api.Auth;

/// <summary>What a provider says of a person.</summary>
/// <param name="Email">Lower case; null when the provider does not vouch for it.</param>
internal sealed record OidcIdentity(string Issuer, string Subject, string? Email, string? Name, DateTimeOffset TokenMadeAt);

/// <summary>
/// Checks a provider's identity token (OpenID Connect Core 1.0, 3.1.3.7) against the provider's own keys: the dashboard's word is not
/// taken for it.
/// </summary>
internal sealed class VerifyIdToken
{
    /// <summary>From the provider's answer to the session is seconds; older tokens lay somewhere.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    /// <summary>For clocks that are a little off.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>A person waits.</summary>
    private static readonly TimeSpan ProviderTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Far above any provider's metadata and keys.</summary>
    private const long MaxMetadataBytes = 1 << 20;

    /// <summary>Signed with a key of the provider's own: a secret shared with the client would let the client sign.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly OidcOptions options;
    private readonly TimeProvider clock;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? provider;

    public VerifyIdToken(IOptions<OidcOptions> options, IHttpClientFactory clients, TimeProvider clock)
    {
        (this.options, this.clock) = (options.Value, clock);
        if (options.Value.Authority is { } authority)
        {
            var http = clients.CreateClient();
            (http.Timeout, http.MaxResponseContentBufferSize) = (ProviderTimeout, MaxMetadataBytes);
            provider = new ConfigurationManager<OpenIdConnectConfiguration>(
                $"{authority.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration",
                new OpenIdConnectConfigurationRetriever(),
                new HttpDocumentRetriever(http) { RequireHttps = !authority.IsLoopback });
        }
    }

    public bool IsOn => provider is not null;

    /// <returns>Null when the token is not to be trusted.</returns>
    /// <exception cref="OidcProviderException">The provider's keys can't be had.</exception>
    public async Task<OidcIdentity?> ReadAsync(string idToken, string nonce, CancellationToken ct)
    {
        if (!TokenForm.IsGood(idToken, out _))
        {
            return null;
        }

        var keys = await GetKeysAsync(ct);
        var verdict = await ValidateAsync(idToken, keys);
        if (verdict.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The provider may have changed its keys. The manager asks again once in five minutes at most, whoever sends what.
            provider?.RequestRefresh();
            verdict = await ValidateAsync(idToken, await GetKeysAsync(ct));
        }

        return verdict is { IsValid: true, SecurityToken: JsonWebToken token } && IsOurs(token, nonce) ? ToIdentity(token) : null;
    }

    private async Task<OpenIdConnectConfiguration> GetKeysAsync(CancellationToken ct)
    {
        try
        {
            return await (provider ?? throw new InvalidOperationException("No provider is set up.")).GetConfigurationAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new OidcProviderException(e);
        }
    }

    private Task<TokenValidationResult> ValidateAsync(string idToken, OpenIdConnectConfiguration keys) => new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(idToken, new TokenValidationParameters
    {
        ValidAlgorithms = Algorithms,
        ValidIssuer = keys.Issuer,
        ValidAudience = options.ClientId,
        IssuerSigningKeys = keys.SigningKeys,
        RequireExpirationTime = true,
        ClockSkew = ClockSkew,
    });

    /// <summary>Made now, for this sign-in, and for this client alone.</summary>
    private bool IsOurs(JsonWebToken token, string nonce) =>
        Text(token, JwtRegisteredClaimNames.Nonce) == nonce
        && new DateTimeOffset(token.IssuedAt, TimeSpan.Zero) is var made && clock.GetUtcNow() - made is var age && age < MaxAge && age > -ClockSkew
        && (Text(token, JwtRegisteredClaimNames.Azp) is not { } party ? token.Audiences.Count() == 1 : party == options.ClientId)
        && token.Subject is { Length: > 0 and <= 255 };

    private static OidcIdentity ToIdentity(JsonWebToken token)
    {
        var vouchedFor = token.TryGetPayloadValue<object>("email_verified", out var verified) && verified is true or "true";
        return new OidcIdentity(
            token.Issuer,
            token.Subject,
            vouchedFor && Text(token, JwtRegisteredClaimNames.Email) is { Length: > 2 and <= 254 } email ? User.NormalizeEmail(email) : null,
            Text(token, JwtRegisteredClaimNames.Name) is { Length: > 0 and <= 255 } name ? string.Concat(name.Where(c => !char.IsControl(c))) : null,
            new DateTimeOffset(token.IssuedAt, TimeSpan.Zero));
    }

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<object>(claim, out var value) ? value as string : null;
}

/// <summary>The OpenID Connect provider can't be reached, or its metadata can't be read.</summary>
internal sealed class OidcProviderException(Exception inner) : Exception("The OpenID Connect provider's keys can't be had.", inner);
