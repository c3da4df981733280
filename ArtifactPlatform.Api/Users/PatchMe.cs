using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

internal static class PatchMe
{
    public static async Task<Ok<SessionUser>> Handle(PatchMeRequest request, Caller caller, PlatformDb db, AuditTrail audit, CancellationToken ct)
    {
        var user = await db.Users.SingleAsync(u => u.Id == caller.UserId && u.CompanyId == caller.CompanyId, ct);
        if (request.Name is { } name && name != user.Name)
        {
            db.Add(audit.Entry(AuditActions.UserRenamed, user.Id, new { user.Email, From = user.Name, To = name }));
            user.Rename(name);
            await db.SaveChangesAsync(ct);
        }

        return await GetSession.Handle(caller, db, ct);
    }
}
