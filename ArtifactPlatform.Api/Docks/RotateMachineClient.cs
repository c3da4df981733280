using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

/// <summary>Gives a machine client a new secret under the same id. Unless a grace period is asked for, the old one ends at once.</summary>
internal static class RotateMachineClient
{
    public static async Task<Results<Ok<CreatedMachineClient>, BadRequestError, NotFoundError, ConflictError>> Handle(
        string dockId, string clientId, RotateMachineClientRequest? request, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        var mine = db.MachineClients.Where(c => c.Id == clientId && c.DockId == dockId && c.CompanyId == caller.CompanyId);
        if (await mine.AsNoTracking().SingleOrDefaultAsync(ct) is not { } client)
        {
            return Error.MachineClientNotFound();
        }

        var secret = SecretToken.New(SecretToken.MachineSecretPrefix);
        var grace = TimeSpan.FromSeconds(request?.GracePeriodSeconds ?? 0);
        var previous = grace > TimeSpan.Zero ? client.SecretHash : null;
        DateTimeOffset? until = previous is null ? null : clock.GetUtcNow() + grace;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Of two rotations at once one wins: the other's new secret would be refused from the first moment.
        var rotated = await mine.Where(c => c.SecretHash == client.SecretHash).ExecuteUpdateAsync(
            set => set
                .SetProperty(c => c.PreviousSecretHash, previous)
                .SetProperty(c => c.PreviousExpiresAt, until)
                .SetProperty(c => c.SecretHash, SecretToken.Hash(secret)),
            ct);
        if (rotated == 0)
        {
            return await mine.AnyAsync(ct) ? Error.MachineClientChanged() : Error.MachineClientNotFound();
        }

        db.Add(audit.Entry(AuditActions.MachineClientRotated, clientId, new { client.Name, client.DockId, PreviousSecretExpiresAt = until }));
        await db.SaveChangesAsync(ct);
        var shown = await ShowDock.Show(db, mine).SingleAsync(ct);
        await transaction.CommitAsync(ct);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(shown.WithSecret(secret));
    }
}
