using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Auth;

internal static class GetSession
{
    public static async Task<Ok<SessionUser>> Handle(Caller caller, PlatformDb db, CancellationToken ct)
    {
        var found = await db.Users.AsNoTracking()
            .Where(u => u.Id == caller.UserId && u.CompanyId == caller.CompanyId)
            .Join(db.Companies, u => u.CompanyId, c => c.Id, (u, c) => new { User = u, Company = c.Name })
            .SingleAsync(ct);
        return TypedResults.Ok(new SessionUser(found.User.Id, found.User.Name, found.User.Email, found.User.Role.Word(), new NamedRef(caller.CompanyId, found.Company)));
    }
}
