using System.Security.Cryptography;
using ArtifactPlatform.Core.Auth;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Auth;

/// <summary>
/// The keys that sign access tokens. A new one is published a while before it signs, so that whoever keeps a copy of the key set knows
/// it by then, and stays published until the last token that it signed has ended. All replicas share them.
/// </summary>
internal sealed class SigningKeys(IDbContextFactory<PlatformDb> databases, SecretBox secrets, TimeProvider clock)
{
    /// <summary>For how long others may keep a copy of the key set.</summary>
    public static readonly TimeSpan CopyLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Twice the life of a copy: even one that was fetched a moment too early is replaced by then.</summary>
    public static readonly TimeSpan Lead = CopyLifetime * 2;

    /// <summary>A key's tokens end this long after it; a minute more for clocks that differ.</summary>
    public static readonly TimeSpan KeptAfter = AccessTokens.Lifetime + TimeSpan.FromMinutes(1);

    /// <summary>A quarter: rotation happens often enough to be known to work.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(90);

    /// <summary>Far below <see cref="Lead"/>; tokens are checked on every request of a machine.</summary>
    private static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(5);

    /// <summary>RS256's usual size: strong beyond this decade, and small enough to sign in a millisecond.</summary>
    private const int KeyBits = 2048;

    /// <summary>Any fixed number will do, as long as nothing else in this database locks it.</summary>
    private const long LockKey = 0x4A574B53;

    private volatile Snapshot? snapshot;

    /// <summary>The keys to publish and to check with, newest first; the first ones may not sign yet. Makes what is missing.</summary>
    public async Task<IReadOnlyList<SigningKey>> PublishedAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (snapshot is { } fresh && now - fresh.ReadAt < CacheLifetime)
        {
            return fresh.Keys;
        }

        await using var db = await databases.CreateDbContextAsync(ct);
        var keys = await ReadAsync(db, now, ct);
        if (IsDue(keys, now))
        {
            keys = await AddAsync(force: false, ct);
        }

        snapshot = new Snapshot(keys, now);
        return keys;
    }

    /// <summary>The one that signs now.</summary>
    public async Task<SigningKey> CurrentAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return (await PublishedAsync(ct)).First(k => k.SignsFrom <= now);
    }

    /// <summary>Publishes a new key, which signs from <see cref="Lead"/> on.</summary>
    public async Task<SigningKey> RotateAsync(CancellationToken ct) => (await AddAsync(force: true, ct))[0];

    /// <summary>The private half, for the moment of use.</summary>
    public RSA Open(SigningKey key)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(secrets.Unprotect(SecretBox.SigningKeyPurpose, key.ProtectedKey));
        return rsa;
    }

    /// <summary>Replicas that find the same key too old take turns, and the second finds the work done.</summary>
    private async Task<List<SigningKey>> AddAsync(bool force, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", ct);
        var now = clock.GetUtcNow();
        var keys = await ReadAsync(db, now, ct);
        if (force || IsDue(keys, now))
        {
            using var rsa = RSA.Create(KeyBits);
            var closed = secrets.Protect(SecretBox.SigningKeyPurpose, rsa.ExportPkcs8PrivateKeyPem());
            var key = new SigningKey(rsa.ExportSubjectPublicKeyInfoPem(), closed, now, keys.Count == 0 ? now : now + Lead);
            db.Add(key);
            await db.SaveChangesAsync(ct);
            var kept = keys.Select(k => k.Id).Append(key.Id).ToList();
            await db.SigningKeys.Where(k => !kept.Contains(k.Id)).ExecuteDeleteAsync(ct);
            await transaction.CommitAsync(ct);
            keys.Insert(0, key);
        }

        return keys;
    }

    private static bool IsDue(List<SigningKey> keys, DateTimeOffset now) => keys.Count == 0 || keys[0].SignsFrom + MaxAge <= now;

    private static async Task<List<SigningKey>> ReadAsync(PlatformDb db, DateTimeOffset now, CancellationToken ct)
    {
        var all = await db.SigningKeys.AsNoTracking().OrderByDescending(k => k.SignsFrom).ThenByDescending(k => k.Id).ToListAsync(ct);
        // A key signs until the next newer one does.
        return [.. all.Where((_, i) => i == 0 || now < all[i - 1].SignsFrom + KeptAfter)];
    }

    private sealed record Snapshot(IReadOnlyList<SigningKey> Keys, DateTimeOffset ReadAt);
}
