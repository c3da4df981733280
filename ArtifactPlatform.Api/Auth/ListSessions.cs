using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Auth;

internal static class ListSessions
{
    public static async Task<Results<Ok<Page<SessionObject>>, BadRequestError>> Handle(
        [Description("Sessions a page, 1-100."), Range(1, 100), DefaultValue(NewestFirst.DefaultLimit)] int? limit,
        [Description("Id of the last session of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var sessions = db.Sessions.AsNoTracking().Where(s => s.UserId == caller.UserId && s.CompanyId == caller.CompanyId);
        if (await sessions.BehindAsync(startingAfter, ct) is not { } behind)
        {
            return Error.InvalidCursor("startingAfter");
        }

        var found = await behind.Where(s => s.RevokedAt == null && s.ExpiresAt > now).Newest(limit).ToListAsync(ct);
        return found.Select(s => new SessionObject
        {
            Id = s.Id,
            Device = s.Device,
            CreatedAt = s.CreatedAt,
            LastSeenAt = s.LastSeenAt,
            ExpiresAt = s.ExpiresAt,
            Current = s.Id == caller.SessionId,
        }).ToPage(limit, s => s.Id);
    }
}
