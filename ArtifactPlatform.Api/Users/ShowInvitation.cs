using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

/// <summary>Rows in the contract's form.</summary>
internal static class ShowInvitation
{
    public static InvitationObject ToObject(this ShownInvitation shown) => new()
    {
        Id = shown.Invitation.Id,
        Email = shown.Invitation.Email,
        Name = shown.Invitation.Name,
        Role = shown.Invitation.Role.Word(),
        CreatedBy = new NamedRef(shown.Invitation.UserId, shown.UserName),
        CreatedAt = shown.Invitation.CreatedAt,
        ExpiresAt = shown.Invitation.ExpiresAt,
    };

    /// <summary>Adds what stands in other tables, keeping their order.</summary>
    public static IQueryable<ShownInvitation> Show(PlatformDb db, IQueryable<Invitation> invitations) => invitations.AsNoTracking().Select(i => new ShownInvitation(
        i, db.Users.Where(u => u.Id == i.UserId).Select(u => u.Name).SingleOrDefault()));
}

/// <summary>An invitation with what stands in other tables.</summary>
internal sealed record ShownInvitation(Invitation Invitation, string? UserName);
