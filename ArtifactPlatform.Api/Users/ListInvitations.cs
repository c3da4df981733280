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

internal static class ListInvitations
{
    private const int DefaultLimit = 20;

    public static async Task<Results<Ok<Page<InvitationObject>>, BadRequestError>> Handle(
        [Description("Invitations a page, 1-100."), Range(1, 100), DefaultValue(DefaultLimit)] int? limit,
        [Description("Id of the last invitation of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        var invitations = db.Invitations.AsNoTracking().Where(i => i.CompanyId == caller.CompanyId);
        if (startingAfter is not null)
        {
            if (!await invitations.AnyAsync(i => i.Id == startingAfter, ct))
            {
                return Error.InvalidCursor("startingAfter");
            }

            // Ids sort by time.
            invitations = invitations.Where(i => string.Compare(i.Id, startingAfter) < 0);
        }

        var size = limit ?? DefaultLimit;
        var found = await ShowInvitation.Show(db, invitations.Where(i => i.AcceptedAt == null && i.RevokedAt == null).OrderByDescending(i => i.Id).Take(size + 1)).ToListAsync(ct);
        var page = found.Take(size).Select(f => f.ToObject()).ToList();
        return TypedResults.Ok(new Page<InvitationObject>(page, found.Count > size, found.Count > size ? page[^1].Id : null));
    }
}
