using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Auth;

internal static class ListSessions
{
    private const int DefaultLimit = 20;

    public static async Task<Results<Ok<Page<SessionObject>>, BadRequestError>> Handle(
        [Description("Sessions a page, 1-100."), Range(1, 100), DefaultValue(DefaultLimit)] int? limit,
        [Description("Id of the last session of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var sessions = db.Sessions.AsNoTracking().Where(s => s.UserId == caller.UserId && s.CompanyId == caller.CompanyId);
        if (startingAfter is not null)
        {
            if (!await sessions.AnyAsync(s => s.Id == startingAfter, ct))
            {
                return Error.InvalidCursor("startingAfter");
            }

            // Ids sort by time.
            sessions = sessions.Where(s => string.Compare(s.Id, startingAfter) < 0);
        }

        var size = limit ?? DefaultLimit;
        var found = await sessions.Where(s => s.RevokedAt == null && s.ExpiresAt > now).OrderByDescending(s => s.Id).Take(size + 1).ToListAsync(ct);
        var page = found.Take(size).Select(s => new SessionObject
        {
            Id = s.Id,
            Device = s.Device,
            CreatedAt = s.CreatedAt,
            LastSeenAt = s.LastSeenAt,
            ExpiresAt = s.ExpiresAt,
            Current = s.Id == caller.SessionId,
        }).ToList();
        return TypedResults.Ok(new Page<SessionObject>(page, found.Count > size, found.Count > size ? page[^1].Id : null));
    }
}
