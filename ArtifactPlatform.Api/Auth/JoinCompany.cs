using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Users;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ArtifactPlatform.Api.Auth;

/// <summary>Makes an invited person a user of the company.</summary>
internal sealed class JoinCompany(PlatformDb db, IHttpContextAccessor http, TimeProvider clock)
{
    /// <returns>Null when the token is not that of an invitation which may be taken up.</returns>
    public async Task<Invitation?> FindAsync(string token, CancellationToken ct)
    {
        var hash = SecretToken.Hash(token);
        return await Open(clock.GetUtcNow()).AsNoTracking().SingleOrDefaultAsync(i => i.TokenHash == hash, ct);
    }

    /// <param name="prepare">Says how the new user will sign in.</param>
    /// <returns>Null when someone else took the invitation up first, it was revoked meanwhile, or its address belongs to an account already.</returns>
    public async Task<User?> TakeUpAsync(Invitation invitation, string name, Action<User> prepare, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? accepted = now;
        var user = new User(invitation.CompanyId, invitation.Email, name, invitation.Role, now);
        prepare(user);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await Open(now).Where(i => i.Id == invitation.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.AcceptedAt, accepted), ct) == 0)
        {
            return null;
        }

        db.Add(user);
        db.Add(AuditTrail.ByUser(user, AuditActions.UserJoined, user.Id, new { user.Email, user.Name, Role = user.Role.Word(), InvitationId = invitation.Id }, http.HttpContext, now));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return null;
        }

        await transaction.CommitAsync(ct);
        return user;
    }

    /// <summary>One that was made in the moment its maker ceased to be an owner is not revoked itself.</summary>
    private IQueryable<Invitation> Open(DateTimeOffset now) => db.Invitations
        .Where(Invitation.IsOpen(now))
        .Where(i => db.Users.Any(u => u.Id == i.UserId && u.Role == UserRole.Owner && u.RemovedAt == null));
}
