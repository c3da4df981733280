using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

/// <summary>Takes a person out of the company, with all that they could still come in by: sessions, API keys and invitations whose secrets they know.</summary>
internal static class DeleteUser
{
    public static async Task<Results<NoContent, NotFoundError, ConflictError, FailureResult>> Handle(
        string userId, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockPeopleAsync(caller.CompanyId, ct);
        if (await StillOwner.RefuseAsync(db, caller, ct) is { } refusal)
        {
            return refusal;
        }

        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId && u.CompanyId == caller.CompanyId && u.RemovedAt == null, ct) is not { } user)
        {
            return Error.UserNotFound();
        }

        if (user.Role == UserRole.Owner && !await AnotherOwner.IsThereAsync(db, user, ct))
        {
            return Error.LastOwner();
        }

        DateTimeOffset? now = clock.GetUtcNow();
        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.RemovedAt, now).SetProperty(u => u.PasswordHash, "").SetProperty(u => u.OidcIssuer, (string?)null).SetProperty(u => u.OidcSubject, (string?)null), ct);
        await db.Sessions.Where(s => s.UserId == user.Id && s.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now), ct);
        var keys = await db.ApiKeys.AsNoTracking().Where(k => k.UserId == user.Id && k.RevokedAt == null).Select(k => new { k.Id, k.Name, k.Prefix }).ToListAsync(ct);
        await db.ApiKeys.Where(k => k.UserId == user.Id && k.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, now), ct);
        var invitations = await RevokeInvitation.AllOfAsync(user, db, now, ct);
        db.Add(audit.Entry(AuditActions.UserRemoved, user.Id, new { user.Email, user.Name, Role = user.Role.Word(), ApiKeys = keys.Count, Invitations = invitations }));
        db.AddRange(keys.Select(k => audit.Entry(AuditActions.ApiKeyRevoked, k.Id, new { k.Name, k.Prefix })));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
