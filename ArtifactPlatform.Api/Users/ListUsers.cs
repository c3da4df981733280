using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

internal static class ListUsers
{
    public static async Task<Results<Ok<Page<UserObject>>, BadRequestError>> Handle(
        [Description("People a page, 1-100."), Range(1, 100), DefaultValue(NewestFirst.DefaultLimit)] int? limit,
        [Description("Id of the last person of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var users = db.Users.AsNoTracking().Where(u => u.CompanyId == caller.CompanyId);
        if (await users.BehindAsync(startingAfter, ct) is not { } behind)
        {
            return Error.InvalidCursor("startingAfter");
        }

        var found = await ShowUser.Show(db, behind.Where(u => u.RemovedAt == null).Newest(limit), now).ToListAsync(ct);
        return found.Select(f => f.ToObject(now)).ToPage(limit, u => u.Id);
    }
}
