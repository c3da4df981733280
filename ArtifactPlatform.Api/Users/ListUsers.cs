using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

internal static class ListUsers
{
    private const int DefaultLimit = 20;

    public static async Task<Results<Ok<Page<UserObject>>, BadRequestError>> Handle(
        [Description("People a page, 1-100."), Range(1, 100), DefaultValue(DefaultLimit)] int? limit,
        [Description("Id of the last person of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var users = db.Users.AsNoTracking().Where(u => u.CompanyId == caller.CompanyId);
        if (startingAfter is not null)
        {
            if (!await users.AnyAsync(u => u.Id == startingAfter, ct))
            {
                return Error.InvalidCursor("startingAfter");
            }

            // Ids sort by time.
            users = users.Where(u => string.Compare(u.Id, startingAfter) < 0);
        }

        var size = limit ?? DefaultLimit;
        var found = await ShowUser.Show(db, users.Where(u => u.RemovedAt == null).OrderByDescending(u => u.Id).Take(size + 1), now).ToListAsync(ct);
        var page = found.Take(size).Select(f => f.ToObject(now)).ToList();
        return TypedResults.Ok(new Page<UserObject>(page, found.Count > size, found.Count > size ? page[^1].Id : null));
    }
}
