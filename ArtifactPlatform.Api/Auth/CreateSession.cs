using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Core.Auth;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Auth;

internal static class CreateSession
{
    /// <summary>A working day; who works longer signs in again.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Wrong passwords in a row before the account is locked, and for how long (OWASP ASVS 5, 6.3.1: limit guessing online).</summary>
    private const int MaxFailures = 5;

    private static readonly TimeSpan Lockout = TimeSpan.FromMinutes(15);

    /// <summary>Compared with when there is no account to compare with, so that the answer takes as long.</summary>
    private static readonly string NobodysHash = new PasswordHasher<string>().HashPassword("", SecretToken.New(""));

    public static async Task<Results<Created<SessionCreated>, UnauthorizedError>> Handle(
        CreateSessionRequest request, PlatformDb db, IPasswordHasher<User> passwords, TimeProvider clock, CancellationToken ct)
    {
        var email = User.NormalizeEmail(request.Email ?? "");
        var now = clock.GetUtcNow();
        var user = await ClaimTryAsync(db, email, now, ct) ? await db.Users.SingleOrDefaultAsync(u => u.Email == email, ct) : null;
        if (user is null)
        {
            new PasswordHasher<string>().VerifyHashedPassword("", NobodysHash, request.Password ?? "");
            return Error.SignInFailed();
        }

        var verdict = passwords.VerifyHashedPassword(user, user.PasswordHash, request.Password ?? "");
        if (verdict == PasswordVerificationResult.Failed)
        {
            return Error.SignInFailed();
        }

        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            user.SetPasswordHash(passwords.HashPassword(user, request.Password ?? ""));
        }

        var token = SecretToken.New(SecretToken.SessionPrefix);
        var session = new Session(user.Id, user.CompanyId, SecretToken.Hash(token), now, Lifetime);
        db.Add(session);
        await db.SaveChangesAsync(ct);
        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.FailedLogins, 0).SetProperty(u => u.LockedUntil, (DateTimeOffset?)null), ct);
        var company = await db.Companies.Where(c => c.Id == user.CompanyId).Select(c => c.Name).SingleAsync(ct);
        return TypedResults.Created(
            "/api/v1/sessions/current",
            new SessionCreated(token, session.ExpiresAt, new SessionUser(user.Id, user.Name, user.Email, user.Role.Word(), new NamedRef(user.CompanyId, company))));
    }

    /// <summary>
    /// Counts the try as a failure before the password is looked at, so that many tries at once can't get past the limit; a success
    /// takes it back. A lock that has run out starts a new count.
    /// </summary>
    /// <returns>False when the account is locked or there is none.</returns>
    private static async Task<bool> ClaimTryAsync(PlatformDb db, string email, DateTimeOffset now, CancellationToken ct)
    {
        DateTimeOffset? lockedUntil = now + Lockout;
        return await db.Users
            .Where(u => u.Email == email && (u.LockedUntil == null || u.LockedUntil <= now))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(u => u.FailedLogins, u => u.LockedUntil == null ? u.FailedLogins + 1 : 1)
                    .SetProperty(u => u.LockedUntil, u => u.LockedUntil == null && u.FailedLogins + 1 >= MaxFailures ? lockedUntil : null),
                ct) == 1;
    }
}
