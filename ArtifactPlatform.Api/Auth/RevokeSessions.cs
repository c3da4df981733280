using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Auth;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Auth;

/// <summary>Ends sessions by someone's word, rather than by signing out or by time.</summary>
internal static class RevokeSessions
{
    /// <summary><c>DELETE /sessions/{id}</c>: one of the caller's own.</summary>
    public static async Task<Results<NoContent, NotFoundError>> One(string sessionId, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        if (!await db.Sessions.AnyAsync(s => s.Id == sessionId && s.UserId == caller.UserId && s.CompanyId == caller.CompanyId, ct))
        {
            return Error.SessionNotFound();
        }

        await RevokeAsync(db.Sessions.Where(s => s.Id == sessionId), caller.UserId, db, audit, clock, ct);
        return TypedResults.NoContent();
    }

    /// <summary><c>DELETE /sessions</c>: all of the caller's own but the one that asks.</summary>
    public static async Task<NoContent> Others(Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        await RevokeAsync(db.Sessions.Where(s => s.UserId == caller.UserId && s.Id != caller.SessionId), caller.UserId, db, audit, clock, ct);
        return TypedResults.NoContent();
    }

    /// <summary>Ends those that are in force, and writes it down if there were any.</summary>
    /// <param name="sessions">Of one user.</param>
    public static async Task RevokeAsync(IQueryable<Session> sessions, string userId, PlatformDb db, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var revoked = await sessions.Where(s => s.RevokedAt == null && s.ExpiresAt > now).ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now), ct);
        if (revoked > 0)
        {
            db.Add(audit.Entry(AuditActions.SessionsRevoked, userId, new { Sessions = revoked }));
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
    }
}
