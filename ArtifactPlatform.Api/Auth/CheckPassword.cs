using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Auth;

/// <summary>Compares a password with that of an account, a few times in a row at most.</summary>
internal sealed class CheckPassword(PlatformDb db, IPasswordHasher<User> passwords, IHttpContextAccessor http, TimeProvider clock)
{
    /// <summary>Wrong passwords in a row before the account is locked, and for how long (OWASP ASVS 5, 6.3.1: limit guessing online).</summary>
    private const int MaxFailures = 5;

    private static readonly TimeSpan Lockout = TimeSpan.FromMinutes(15);

    /// <summary>Compared with when there is no password to compare with, so that the answer takes as long.</summary>
    private static readonly string NobodysHash = new PasswordHasher<string>().HashPassword("", SecretToken.New(""));

    /// <param name="account">One account, or none.</param>
    /// <returns>The account; null when there is none, it is locked, or the password is another: no caller can tell which.</returns>
    public async Task<User?> FindAsync(IQueryable<User> account, string password, CancellationToken ct)
    {
        var user = await ClaimTryAsync(account, ct);
        if (user is not { PasswordHash.Length: > 0 })
        {
            new PasswordHasher<string>().VerifyHashedPassword("", NobodysHash, password);
            return null;
        }

        var verdict = passwords.VerifyHashedPassword(user, user.PasswordHash, password);
        if (verdict == PasswordVerificationResult.Failed)
        {
            return null;
        }

        var hash = verdict == PasswordVerificationResult.SuccessRehashNeeded ? passwords.HashPassword(user, password) : user.PasswordHash;
        await TakeBackAsync(user, hash, ct);
        return user;
    }

    /// <summary>
    /// Counts the try as a failure before the password is looked at, so that many tries at once can't get past the limit; a success
    /// takes it back. A lock that has run out starts a new count.
    /// </summary>
    /// <returns>Null when the account is locked or there is none.</returns>
    private async Task<User?> ClaimTryAsync(IQueryable<User> account, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? lockedUntil = now + Lockout;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var claimed = await account
            .Where(u => u.LockedUntil == null || u.LockedUntil <= now)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(u => u.FailedLogins, u => u.LockedUntil == null ? u.FailedLogins + 1 : 1)
                    .SetProperty(u => u.LockedUntil, u => u.LockedUntil == null && u.FailedLogins + 1 >= MaxFailures ? lockedUntil : null),
                ct);
        if (claimed == 0)
        {
            return null;
        }

        var user = await account.AsNoTracking().SingleAsync(ct);
        if (user.LockedUntil is not null)
        {
            db.Add(AuditTrail.ByUser(user, AuditActions.UserLocked, user.Id, new { user.Email, Tries = MaxFailures, user.LockedUntil }, http.HttpContext, now));
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return user;
    }

    private async Task TakeBackAsync(User user, string hash, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Users.Where(u => u.Id == user.Id && u.PasswordHash == user.PasswordHash).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.FailedLogins, 0).SetProperty(u => u.LockedUntil, (DateTimeOffset?)null).SetProperty(u => u.PasswordHash, hash), ct);
        if (user.LockedUntil is not null)
        {
            db.Add(AuditTrail.ByUser(user, AuditActions.UserUnlocked, user.Id, new { user.Email }, http.HttpContext, clock.GetUtcNow()));
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
    }
}
