using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

internal static class DeleteUserSessions
{
    public static async Task<Results<NoContent, NotFoundError>> Handle(string userId, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        if (!await db.Users.AnyAsync(u => u.Id == userId && u.CompanyId == caller.CompanyId && u.RemovedAt == null, ct))
        {
            return Error.UserNotFound();
        }

        await RevokeSessions.RevokeAsync(db.Sessions.Where(s => s.UserId == userId && s.CompanyId == caller.CompanyId), userId, db, audit, clock, ct);
        return TypedResults.NoContent();
    }
}
