using System.Security.Cryptography;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Videos;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ArtifactPlatform.Api.Auth;

/// <summary>What a good access token says.</summary>
internal sealed record MachineToken(string ClientId, string DockId, IReadOnlySet<string> Scopes);

/// <summary>Issues and checks the access tokens of machine clients: JWTs in the profile of RFC 9068.</summary>
internal sealed class AccessTokens(SigningKeys keys, IOptions<PlaybackOptions> options, TimeProvider clock)
{
    /// <summary>The contract's 3600 s.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const string TokenType = "at+jwt";
    private const string ClientIdClaim = "client_id";
    private const string ScopeClaim = "scope";
    private const string DockIdClaim = "dock_id";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>The Api's public address: who issues the tokens.</summary>
    public string Issuer { get; } = options.Value.PublicUrl.AbsoluteUri.TrimEnd('/');

    /// <summary>What the tokens are good for.</summary>
    private string Audience => $"{Issuer}/api/v1";

    public async Task<string> IssueAsync(MachineClient client, IEnumerable<string> scopes, CancellationToken ct)
    {
        var key = await keys.CurrentAsync(ct);
        using var rsa = keys.Open(key);
        var now = clock.GetUtcNow();
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = TokenType,
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = client.Id,
                [JwtRegisteredClaimNames.Jti] = Ids.New("jti", now),
                [ClientIdClaim] = client.Id,
                [ScopeClaim] = string.Join(' ', scopes),
                [DockIdClaim] = client.DockId,
            },
            SigningCredentials = new SigningCredentials(Key(rsa, key.Id), SecurityAlgorithms.RsaSha256),
        });
    }

    /// <returns>What the token says, or why it is refused. Whether its client still exists is the caller's to ask.</returns>
    public async Task<(MachineToken? Token, Failure? Failure)> CheckAsync(string token, CancellationToken ct)
    {
        if (!TokenForm.IsGood(token, out var kid) || (await keys.PublishedAsync(ct)).FirstOrDefault(k => k.Id == kid) is not { } key)
        {
            return (null, Error.TokenUnknown());
        }

        using var rsa = RSA.Create();
        rsa.ImportFromPem(key.PublicKey);
        var verdict = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidTypes = [TokenType],
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            IssuerSigningKey = Key(rsa, key.Id),
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            // The clock is this process's own, below.
            ValidateLifetime = false,
        });
        return verdict is { IsValid: true, SecurityToken: JsonWebToken jwt } ? Read(jwt, clock.GetUtcNow()) : (null, Error.TokenUnknown());
    }

    private static (MachineToken? Token, Failure? Failure) Read(JsonWebToken jwt, DateTimeOffset now)
    {
        if (TokenForm.HasEnded(jwt, now))
        {
            return (null, Error.TokenExpired());
        }

        return TokenForm.HasBegun(jwt, now)
            && jwt.TryGetPayloadValue<string>(ClientIdClaim, out var clientId)
            && jwt.TryGetPayloadValue<string>(DockIdClaim, out var dockId)
            && jwt.TryGetPayloadValue<string>(ScopeClaim, out var scope)
                ? (new MachineToken(clientId, dockId, scope.Split(' ').ToHashSet()), null)
                : (null, Error.TokenUnknown());
    }

    private static RsaSecurityKey Key(RSA rsa, string kid) => new(rsa) { KeyId = kid, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
}
