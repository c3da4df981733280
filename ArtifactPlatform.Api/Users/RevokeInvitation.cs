using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

internal static class RevokeInvitation
{
    public static async Task<Results<NoContent, NotFoundError>> Handle(string invitationId, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.Id == invitationId && i.CompanyId == caller.CompanyId, ct) is not { } invitation)
        {
            return Error.InvitationNotFound();
        }

        DateTimeOffset? now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var revoked = await db.Invitations
            .Where(i => i.Id == invitationId && i.CompanyId == caller.CompanyId && i.AcceptedAt == null && i.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.RevokedAt, now), ct);
        if (revoked == 1)
        {
            db.Add(audit.Entry(AuditActions.InvitationRevoked, invitationId, new { invitation.Email, Role = invitation.Role.Word() }));
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>Those that a person has made and nobody has taken up.</summary>
    /// <returns>How many there were.</returns>
    public static Task<int> AllOfAsync(User user, PlatformDb db, DateTimeOffset? now, CancellationToken ct) => db.Invitations
        .Where(i => i.UserId == user.Id && i.CompanyId == user.CompanyId && i.AcceptedAt == null && i.RevokedAt == null)
        .ExecuteUpdateAsync(set => set.SetProperty(i => i.RevokedAt, now), ct);
}
