using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

internal static class CreateInvitation
{
    /// <summary>Long enough for a holiday weekend; who comes later is invited again.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>At once in one company: what a person can still look through.</summary>
    private const int MaxOpen = 200;

    public static async Task<Results<Created<CreatedInvitation>, ConflictError>> Handle(
        CreateInvitationRequest request, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        var token = SecretToken.New(SecretToken.InvitationPrefix);
        var (now, role) = (clock.GetUtcNow(), Enum.Parse<UserRole>(request.Role ?? "", ignoreCase: true));
        var invitation = new Invitation(caller.CompanyId, caller.UserId, request.Email ?? "", request.Name, role, SecretToken.Hash(token), now, Lifetime);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockPeopleAsync(caller.CompanyId, ct);
        // Members of this company only: that the address has an account with another one must not show.
        if (await db.Users.AnyAsync(u => u.CompanyId == caller.CompanyId && u.Email == invitation.Email && u.RemovedAt == null, ct))
        {
            return Error.AlreadyMember();
        }

        DateTimeOffset? replaced = now;
        var pending = db.Invitations.Where(i => i.CompanyId == caller.CompanyId && i.AcceptedAt == null && i.RevokedAt == null);
        await pending.Where(i => i.Email == invitation.Email).ExecuteUpdateAsync(set => set.SetProperty(i => i.RevokedAt, replaced), ct);
        if (await pending.CountAsync(ct) >= MaxOpen)
        {
            return Error.TooManyInvitations(MaxOpen);
        }

        db.Add(invitation);
        db.Add(audit.Entry(AuditActions.InvitationCreated, invitation.Id, new { invitation.Email, Role = role.Word(), invitation.ExpiresAt }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        response.Headers.CacheControl = "no-store";
        var shown = await ShowInvitation.Show(db, db.Invitations.Where(i => i.Id == invitation.Id && i.CompanyId == caller.CompanyId)).SingleAsync(ct);
        return TypedResults.Created($"/api/v1/invitations/{invitation.Id}", new CreatedInvitation(shown.ToObject()) { Token = token });
    }
}
