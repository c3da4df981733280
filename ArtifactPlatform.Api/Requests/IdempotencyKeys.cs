using System.Security.Cryptography;
using System.Text.Json;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Requests;
using ArtifactPlatform.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Requests;

/// <summary>What a request with an idempotency key is to do.</summary>
internal abstract record KeyClaim
{
    private KeyClaim()
    {
    }

    /// <summary>It is the first, or the one before changed nothing: go on.</summary>
    public sealed record First(IdempotentRun Run) : KeyClaim;

    /// <summary>It was answered before.</summary>
    public sealed record Answered(StoredAnswer Answer) : KeyClaim;

    public sealed record Refused(Failure Failure) : KeyClaim;
}

/// <summary>
/// The rows of idempotency keys: one request claims a key for as long as its lease lasts, the others wait for its answer. A key whose
/// request died before it changed anything is free again when the lease ends.
/// </summary>
internal sealed class IdempotencyKeys(IDbContextFactory<PlatformDb> databases, SecretBox secrets, IOptions<RequestLimits> limits, TimeProvider clock)
{
    /// <summary>The contract's: an answer is given again for that long.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>A duplicate waits that long for the first one's answer: most take milliseconds, and who holds a connection open costs little.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>When to come back for what took longer.</summary>
    public static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(2);

    private const int TokenBytes = 16;

    /// <summary>Longer than any request may take, so that no two run at once; a run that outlives it even so can't commit.</summary>
    private readonly TimeSpan lease = limits.Value.RequestTimeout + TimeSpan.FromSeconds(5);

    public async Task<KeyClaim> ClaimAsync(KeyOwner owner, string key, byte[] fingerprint, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            if (await TryClaimAsync(db, owner, key, fingerprint, ct) is { } run)
            {
                return new KeyClaim.First(run);
            }

            var row = await db.IdempotencyKeys.AsNoTracking().SingleOrDefaultAsync(k => k.OwnerId == owner.Id && k.Key == key, ct);
            if (row is not null && Settle(row, fingerprint) is { } settled)
            {
                if (settled is KeyClaim.Answered { Answer.EndsAt: { } end } && end <= clock.GetUtcNow())
                {
                    await db.IdempotencyKeys.Where(k => k.OwnerId == owner.Id && k.Key == key && k.LeaseToken == row.LeaseToken).ExecuteDeleteAsync(ct);
                    continue;
                }

                return settled;
            }

            if (clock.GetElapsedTime(started) > Patience)
            {
                return new KeyClaim.Refused(Error.IdempotencyKeyInUse(ComeBack));
            }

            await Task.Delay(PollInterval, clock, ct);
        }
    }

    /// <summary>Keeps the answer of a run that holds its key.</summary>
    public async Task KeepAsync(IdempotentRun run, StoredAnswer answer, CancellationToken ct)
    {
        var closed = secrets.Protect(SecretBox.KeptAnswerPurpose, JsonSerializer.Serialize(answer));
        await using var db = await databases.CreateDbContextAsync(ct);
        await Held(db, run).ExecuteUpdateAsync(set => set.SetProperty(k => k.Answer, closed), ct);
    }

    /// <summary>Gives the key back without an answer. If the run has changed something, the key stays used up: nobody may do it again unawares.</summary>
    public async Task ReleaseAsync(IdempotentRun run, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        if (await Held(db, run).Where(k => k.EffectAt == null).ExecuteDeleteAsync(ct) == 0)
        {
            await db.Database.ExecuteSqlAsync(
                $"update idempotency_keys set lease_until = now() where owner_id = {run.OwnerId} and key = {run.Key} and lease_token = {run.LeaseToken}", ct);
        }
    }

    /// <summary>Takes a key that is new, too old, or was left by a request that died before it changed anything; by the database's clock.</summary>
    private async Task<IdempotentRun?> TryClaimAsync(PlatformDb db, KeyOwner owner, string key, byte[] fingerprint, CancellationToken ct)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        var claimed = await db.Database.ExecuteSqlAsync(
            $"""
            insert into idempotency_keys (owner_id, key, company_id, fingerprint, lease_token, lease_until, created_at)
            values ({owner.Id}, {key}, {owner.CompanyId}, {fingerprint}, {token}, now() + {lease}, now())
            on conflict (owner_id, key) do update
            set fingerprint = excluded.fingerprint, lease_token = excluded.lease_token, lease_until = excluded.lease_until, effect_at = null, answer = null, created_at = excluded.created_at
            where idempotency_keys.created_at < now() - {Kept}
               or (idempotency_keys.answer is null and idempotency_keys.effect_at is null and idempotency_keys.lease_until < now() and idempotency_keys.fingerprint = excluded.fingerprint)
            """,
            ct);
        return claimed == 1 ? new IdempotentRun(owner.Id, key, token) : null;
    }

    /// <returns>Null while the first request is under way.</returns>
    private KeyClaim? Settle(IdempotencyKey row, byte[] fingerprint)
    {
        if (!row.Fingerprint.AsSpan().SequenceEqual(fingerprint))
        {
            return new KeyClaim.Refused(Error.IdempotencyKeyReused());
        }

        if (row.Answer is { } closed)
        {
            return Open(closed) is { } answer ? new KeyClaim.Answered(answer) : new KeyClaim.Refused(Error.AnswerLost());
        }

        return row.EffectAt is not null && row.LeaseUntil < clock.GetUtcNow() ? new KeyClaim.Refused(Error.AnswerLost()) : null;
    }

    /// <returns>Null when the platform's master key has changed since.</returns>
    private StoredAnswer? Open(string closed)
    {
        try
        {
            return JsonSerializer.Deserialize<StoredAnswer>(secrets.Unprotect(SecretBox.KeptAnswerPurpose, closed));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static IQueryable<IdempotencyKey> Held(PlatformDb db, IdempotentRun run) =>
        db.IdempotencyKeys.Where(k => k.OwnerId == run.OwnerId && k.Key == run.Key && k.LeaseToken == run.LeaseToken);
}
