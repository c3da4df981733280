using System.Security.Cryptography;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Auth;

/// <summary>
/// Finds out who a bearer token belongs to. It asks the database each time, so a revocation is in force at once; and with a context of
/// its own, so that a request which lasts for hours, an event stream, holds none.
/// </summary>
internal sealed class FindCaller(IDbContextFactory<PlatformDb> databases, AccessTokens accessTokens, TimeProvider clock)
{
    /// <summary>Far above any token of ours; longer ones are not worth hashing.</summary>
    private const int MaxTokenLength = 256;

    /// <summary>Access tokens have about 900 characters.</summary>
    private const int MaxAccessTokenLength = 4096;

    /// <summary>How every JWT begins: <c>{"</c> in base64url.</summary>
    private const string AccessTokenPrefix = "eyJ";

    /// <summary>How exact "last used" is: one write a minute and key, session or client rather than one a request.</summary>
    private static readonly TimeSpan LastUsedStep = TimeSpan.FromMinutes(1);

    private static readonly IReadOnlySet<string> Everything = Scopes.All.ToHashSet();

    private static readonly IReadOnlySet<string> Work = new HashSet<string> { Scopes.ArtifactsRead, Scopes.ArtifactsWrite, Scopes.VideosRead, Scopes.VideosWrite };

    private static readonly IReadOnlySet<string> Look = new HashSet<string> { Scopes.ArtifactsRead, Scopes.VideosRead };

    /// <returns>The caller, or why there is none.</returns>
    public Task<(Caller? Caller, Failure? Failure)> ByTokenAsync(string token, CancellationToken ct) => token switch
    {
        { Length: <= MaxAccessTokenLength } when token.StartsWith(AccessTokenPrefix, StringComparison.Ordinal) => ByAccessTokenAsync(token, ct),
        { Length: > MaxTokenLength } => Task.FromResult<(Caller?, Failure?)>((null, Error.TokenUnknown())),
        _ when token.StartsWith(SecretToken.ApiKeyPrefix, StringComparison.Ordinal) => ByApiKeyAsync(SecretToken.Hash(token), ct),
        _ when token.StartsWith(SecretToken.SessionPrefix, StringComparison.Ordinal) => BySessionAsync(SecretToken.Hash(token), ct),
        _ => Task.FromResult<(Caller?, Failure?)>((null, Error.TokenUnknown())),
    };

    private async Task<(Caller? Caller, Failure? Failure)> ByApiKeyAsync(byte[] hash, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var found = await db.ApiKeys.AsNoTracking()
            .Where(k => k.KeyHash == hash || k.PreviousKeyHash == hash)
            .Join(db.Users, k => k.UserId, u => u.Id, (k, u) => new { Key = k, u.RemovedAt, u.Role })
            .SingleOrDefaultAsync(ct);
        var now = clock.GetUtcNow();
        if (found is null)
        {
            return (null, Error.TokenUnknown());
        }

        var key = found.Key;
        // One that was made in the moment its maker was removed is not marked itself; likewise below.
        if (Refuse(key.RevokedAt ?? found.RemovedAt, key.ExpiresAt, now) is { } failure)
        {
            return (null, failure);
        }

        if (!CryptographicOperations.FixedTimeEquals(key.KeyHash, hash) && key.PreviousExpiresAt <= now)
        {
            return (null, Error.TokenRotated());
        }

        var stale = now - LastUsedStep;
        if (key.LastUsedAt is null || key.LastUsedAt < stale)
        {
            await db.ApiKeys
                .Where(k => k.Id == key.Id && (k.LastUsedAt == null || k.LastUsedAt < stale))
                .ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), ct);
        }

        // A key outlives its maker's role, but does no more than they may do now: else it could give them back what was taken.
        var scopes = key.ScopeList.Where(ScopesOf(found.Role).Contains).ToHashSet();
        return (new Caller(key.CompanyId, key.UserId, key.Id, SessionId: null, scopes), null);
    }

    private async Task<(Caller? Caller, Failure? Failure)> BySessionAsync(byte[] hash, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var session = await db.Sessions.AsNoTracking()
            .Where(s => s.TokenHash == hash)
            .Join(db.Users, s => s.UserId, u => u.Id, (s, u) => new { s.Id, s.CompanyId, s.UserId, RevokedAt = s.RevokedAt ?? u.RemovedAt, s.ExpiresAt, s.LastSeenAt, u.Role })
            .SingleOrDefaultAsync(ct);
        if (session is null)
        {
            return (null, Error.TokenUnknown());
        }

        var now = clock.GetUtcNow();
        if (Refuse(session.RevokedAt, session.ExpiresAt, now) is { } failure)
        {
            return (null, failure);
        }

        var stale = now - LastUsedStep;
        if (session.LastSeenAt is null || session.LastSeenAt < stale)
        {
            await db.Sessions
                .Where(s => s.Id == session.Id && (s.LastSeenAt == null || s.LastSeenAt < stale))
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now), ct);
        }

        return (new Caller(session.CompanyId, session.UserId, ApiKeyId: null, session.Id, ScopesOf(session.Role)), null);
    }

    private async Task<(Caller? Caller, Failure? Failure)> ByAccessTokenAsync(string token, CancellationToken ct)
    {
        var (read, refused) = await accessTokens.CheckAsync(token, ct);
        if (read is null)
        {
            return (null, refused);
        }

        await using var db = await databases.CreateDbContextAsync(ct);
        var client = await db.MachineClients.AsNoTracking().SingleOrDefaultAsync(c => c.Id == read.ClientId && c.DockId == read.DockId, ct);
        if (client is null)
        {
            return (null, Error.TokenRevoked());
        }

        var now = clock.GetUtcNow();
        var stale = now - LastUsedStep;
        if (client.LastUsedAt is null || client.LastUsedAt < stale)
        {
            await db.MachineClients
                .Where(c => c.Id == client.Id && (c.LastUsedAt == null || c.LastUsedAt < stale))
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.LastUsedAt, now), ct);
        }

        var scopes = client.ScopeList.Where(read.Scopes.Contains).ToHashSet();
        return (new Caller(client.CompanyId, client.UserId, ApiKeyId: null, SessionId: null, scopes) { Machine = new CallingMachine(client.Id, client.DockId) }, null);
    }

    private static Failure? Refuse(DateTimeOffset? revokedAt, DateTimeOffset? expiresAt, DateTimeOffset now) =>
        revokedAt is not null ? Error.TokenRevoked()
        : expiresAt <= now ? Error.TokenExpired()
        : null;

    private static IReadOnlySet<string> ScopesOf(UserRole role) => role switch
    {
        UserRole.Owner => Everything,
        UserRole.Member => Work,
        _ => Look,
    };
}
