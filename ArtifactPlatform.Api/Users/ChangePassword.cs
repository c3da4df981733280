using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

internal static class ChangePassword
{
    public static async Task<Results<NoContent, BadRequestError, ConflictError>> Handle(
        ChangePasswordRequest request, Caller caller, PlatformDb db, CheckPassword check, IPasswordHasher<User> passwords, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        var mine = db.Users.Where(u => u.Id == caller.UserId && u.CompanyId == caller.CompanyId && u.RemovedAt == null);
        var (email, old) = await mine.Select(u => new { u.Email, u.PasswordHash }).SingleAsync(ct) is var found ? (found.Email, found.PasswordHash) : default;
        if (old.Length == 0)
        {
            return Error.NoPassword();
        }

        var password = request.NewPassword ?? "";
        if (PasswordRules.Refuse(password, email, "newPassword") is { } refusal)
        {
            return refusal;
        }

        // Both come from the caller: there is no secret to find out by how long this takes.
        if (string.Equals(password, request.CurrentPassword, StringComparison.Ordinal))
        {
            return Error.PasswordUnchanged();
        }

        if (await check.FindAsync(mine, request.CurrentPassword ?? "", ct) is not { } user)
        {
            return Error.CurrentPasswordWrong();
        }

        var hash = passwords.HashPassword(user, password);
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await mine.ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash), ct);
        var ended = await db.Sessions
            .Where(s => s.UserId == user.Id && s.Id != caller.SessionId && s.RevokedAt == null && s.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now), ct);
        db.Add(audit.Entry(AuditActions.PasswordChanged, user.Id, new { user.Email, SessionsEnded = ended }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
