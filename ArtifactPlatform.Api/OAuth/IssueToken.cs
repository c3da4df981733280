using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.OAuth;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.OAuth;

internal static class IssueToken
{
    private const string GrantType = "client_credentials";

    /// <summary>Compared with when there is no such client, so that the answer takes as long.</summary>
    private static readonly MachineClient Nobody = new("", "", "", "", SecretToken.New(SecretToken.MachineSecretPrefix), [], DateTimeOffset.UnixEpoch);

    public static async Task<Results<Ok<TokenResponse>, TokenRefused, TokenClientRefused>> Handle(HttpRequest http, PlatformDb db, AccessTokens tokens, TimeProvider clock, CancellationToken ct)
    {
        // RFC 6749, 5.1: what carries a token is not to be kept.
        http.HttpContext.Response.Headers.CacheControl = "no-store";
        http.HttpContext.Response.Headers.Pragma = "no-cache";
        var (request, isBasic, unreadable) = await ReadTokenRequest.ReadAsync(http, ct);
        if (unreadable is not null)
        {
            return unreadable;
        }

        if (request.GrantType is not { Length: > 0 })
        {
            return TokenRefused.Request("grant_type is required.");
        }

        if (request.GrantType != GrantType)
        {
            return new TokenRefused("unsupported_grant_type", $"grant_type must be {GrantType}.");
        }

        if (await FindClientAsync(request, db, clock.GetUtcNow(), ct) is not { } client)
        {
            return new TokenClientRefused(isBasic);
        }

        if (ScopesOf(request.Scope, client) is not { } scopes)
        {
            return new TokenRefused("invalid_scope", $"scope may name any of: {string.Join(' ', client.ScopeList)}.");
        }

        var token = await tokens.IssueAsync(client, scopes, ct);
        var now = clock.GetUtcNow();
        await db.MachineClients.Where(c => c.Id == client.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.LastUsedAt, now), ct);
        http.HttpContext.Features.Set(new AnswerEnds(now + AccessTokens.Lifetime));
        return TypedResults.Ok(new TokenResponse(token, "Bearer", (int)AccessTokens.Lifetime.TotalSeconds, string.Join(' ', scopes)));
    }

    /// <summary>The client, while the secret is good: one that was rotated or deleted gets no token again.</summary>
    public static async Task<KeyOwner?> FindOwnerAsync(HttpContext http)
    {
        var (db, clock) = (http.RequestServices.GetRequiredService<PlatformDb>(), http.RequestServices.GetRequiredService<TimeProvider>());
        var (request, _, refused) = await ReadTokenRequest.ReadAsync(http.Request, http.RequestAborted);
        return refused is null && await FindClientAsync(request, db, clock.GetUtcNow(), http.RequestAborted) is { } client ? new KeyOwner(client.Id, client.CompanyId) : null;
    }

    private static async Task<MachineClient?> FindClientAsync(TokenRequest request, PlatformDb db, DateTimeOffset now, CancellationToken ct)
    {
        var client = await db.MachineClients.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.ClientId, ct);
        var accepted = (client ?? Nobody).Accepts(SecretToken.Hash(request.ClientSecret ?? ""), now);
        return accepted ? client : null;
    }

    /// <returns>Null when more is asked for than the client has, or the words are none.</returns>
    private static List<string>? ScopesOf(string? asked, MachineClient client)
    {
        if (asked is null)
        {
            return client.ScopeList;
        }

        var scopes = asked.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        return scopes.Count > 0 && scopes.All(client.ScopeList.Contains) ? scopes : null;
    }
}
