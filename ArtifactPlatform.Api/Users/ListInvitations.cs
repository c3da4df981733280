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

internal static class ListInvitations
{
    public static async Task<Results<Ok<Page<InvitationObject>>, BadRequestError>> Handle(
        [Description("Invitations a page, 1-100."), Range(1, 100), DefaultValue(NewestFirst.DefaultLimit)] int? limit,
        [Description("Id of the last invitation of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        var invitations = db.Invitations.AsNoTracking().Where(i => i.CompanyId == caller.CompanyId);
        if (await invitations.BehindAsync(startingAfter, ct) is not { } behind)
        {
            return Error.InvalidCursor("startingAfter");
        }

        var found = await ShowInvitation.Show(db, behind.Where(i => i.AcceptedAt == null && i.RevokedAt == null).Newest(limit)).ToListAsync(ct);
        return found.Select(f => f.ToObject()).ToPage(limit, i => i.Id);
    }
}
