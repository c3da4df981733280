using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Auth;

/// <summary>
/// Compares a password with that of an account, a few times in a row at most. Wrong tries and open ones, whose password is being compared,
/// are counted apart: together they never exceed the limit, however many come at once, and only wrong ones lock the account.
/// </summary>
internal sealed class CheckPassword(PlatformDb db, IPasswordHasher<User> passwords, IHttpContextAccessor http, TimeProvider clock)
{
    /// <summary>Wrong passwords in a row before the account is locked, and for how long (OWASP ASVS 5, 6.3.1: limit guessing online).</summary>
    private const int MaxFailures = 5;

    private static readonly TimeSpan Lockout = TimeSpan.FromMinutes(15);

    /// <summary>Far above what comparing takes on a busy machine; for so long the tries of a process that died stand in the way.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>How long a try waits for open ones: some hundred sign-ins of one account, five at a time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>For writing down what came of a try: who hangs up has had it all the same.</summary>
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Compared with when there is no password to compare with, so that the answer takes as long.</summary>
    private static readonly string NobodysHash = new PasswordHasher<string>().HashPassword("", SecretToken.New(""));

    /// <param name="account">One account, or none.</param>
    /// <returns>The account; null when there is none, it is locked, or the password is another: no caller can tell which.</returns>
    public async Task<User?> FindAsync(IQueryable<User> account, string password, CancellationToken ct)
    {
        if (await WaitForTryAsync(account.Where(u => u.PasswordHash != ""), password, ct) is not { } user)
        {
            return null;
        }

        var verdict = passwords.VerifyHashedPassword(user, user.PasswordHash, password);
        using var settling = new CancellationTokenSource(SettleTimeout, clock);
        if (verdict == PasswordVerificationResult.Failed)
        {
            await FailAsync(user, settling.Token);
            return null;
        }

        var hash = verdict == PasswordVerificationResult.SuccessRehashNeeded ? passwords.HashPassword(user, password) : user.PasswordHash;
        await SucceedAsync(user, hash, settling.Token);
        return user;
    }

    /// <returns>The account, with a try taken; null when it is locked, there is none, or others have been in the way for too long.</returns>
    private async Task<User?> WaitForTryAsync(IQueryable<User> account, string password, CancellationToken ct)
    {
        var (started, isFirst) = (clock.GetTimestamp(), true);
        while (true)
        {
            if (await TakeTryAsync(account, ct) is { } user)
            {
                return user;
            }

            if (isFirst)
            {
                // Also while an account's open tries end: it takes as long as when there is none.
                new PasswordHasher<string>().VerifyHashedPassword("", NobodysHash, password);
                isFirst = false;
            }

            var now = clock.GetUtcNow();
            if (!await account.AnyAsync(u => u.LockedUntil == null || u.LockedUntil <= now, ct) || clock.GetElapsedTime(started) > Patience)
            {
                return null;
            }

            await Task.Delay(PollInterval, clock, ct);
        }
    }

    /// <summary>Takes a try before the password is looked at, unless wrong and open ones have used them up. A lock that has run out starts a new count.</summary>
    private async Task<User?> TakeTryAsync(IQueryable<User> account, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? until = now + Lease;
        // In one transaction with reading it: who hangs up in between has taken none.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var taken = await account
            .Where(u => u.LockedUntil == null || u.LockedUntil <= now)
            .Where(u => (u.LockedUntil == null ? u.FailedLogins : 0) + (u.OpenTriesUntil > now ? u.OpenTries : 0) < MaxFailures)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(u => u.FailedLogins, u => u.LockedUntil == null ? u.FailedLogins : 0)
                    .SetProperty(u => u.LockedUntil, (DateTimeOffset?)null)
                    .SetProperty(u => u.OpenTries, u => u.OpenTriesUntil > now ? u.OpenTries + 1 : 1)
                    .SetProperty(u => u.OpenTriesUntil, until),
                ct);
        if (taken == 0)
        {
            return null;
        }

        var user = await account.AsNoTracking().SingleAsync(ct);
        await transaction.CommitAsync(ct);
        return user;
    }

    private async Task FailAsync(User user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? lockedUntil = now + Lockout;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(u => u.OpenTries, u => Math.Max(u.OpenTries - 1, 0))
                .SetProperty(u => u.FailedLogins, u => u.FailedLogins + 1)
                .SetProperty(u => u.LockedUntil, u => u.FailedLogins + 1 >= MaxFailures ? lockedUntil : u.LockedUntil),
            ct);
        var failed = await db.Users.AsNoTracking().SingleAsync(u => u.Id == user.Id, ct);
        if (failed.FailedLogins == MaxFailures)
        {
            // Whoever tried, nobody has shown to be this person.
            db.Add(new AuditEntry(
                failed.CompanyId, AuditActorType.Platform, "lockout", AuditActions.UserLocked, failed.Id, new { failed.Email, Tries = MaxFailures, failed.LockedUntil }, http.HttpContext?.TraceIdentifier ?? "", now));
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
    }

    /// <param name="hash">A better one of the same password, or the same.</param>
    private async Task SucceedAsync(User user, string hash, CancellationToken ct) => await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(
        set => set
            .SetProperty(u => u.OpenTries, u => Math.Max(u.OpenTries - 1, 0))
            .SetProperty(u => u.FailedLogins, 0)
            .SetProperty(u => u.PasswordHash, u => u.PasswordHash == user.PasswordHash ? hash : u.PasswordHash),
        ct);
}
