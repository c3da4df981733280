using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

internal static class PatchUser
{
    public static async Task<Results<Ok<UserObject>, NotFoundError, ConflictError, FailureResult>> Handle(
        string userId, PatchUserRequest request, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockPeopleAsync(caller.CompanyId, ct);
        if (await StillOwner.RefuseAsync(db, caller, ct) is { } refusal)
        {
            return refusal;
        }

        if (await db.Users.SingleOrDefaultAsync(u => u.Id == userId && u.CompanyId == caller.CompanyId && u.RemovedAt == null, ct) is not { } user)
        {
            return Error.UserNotFound();
        }

        if (request.Role is { } word && word != user.Role.Word())
        {
            var role = Enum.Parse<UserRole>(word, ignoreCase: true);
            if (user.Role == UserRole.Owner && !await AnotherOwner.IsThereAsync(db, user, ct))
            {
                return Error.LastOwner();
            }

            // Whoever may no longer invite must not come back, as an owner, by a link that they know.
            var invitations = role == UserRole.Owner ? 0 : await RevokeInvitation.AllOfAsync(user, db, clock.GetUtcNow(), ct);
            db.Add(audit.Entry(AuditActions.UserRoleChanged, user.Id, new { user.Email, From = user.Role.Word(), To = word, Invitations = invitations }));
            user.ChangeRole(role);
        }

        if (request.Name is { } name && name != user.Name)
        {
            db.Add(audit.Entry(AuditActions.UserRenamed, user.Id, new { user.Email, From = user.Name, To = name }));
            user.Rename(name);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        var now = clock.GetUtcNow();
        return TypedResults.Ok((await ShowUser.Show(db, db.Users.Where(u => u.Id == userId && u.CompanyId == caller.CompanyId), now).SingleAsync(ct)).ToObject(now));
    }
}
