using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class DeleteMachineClient
{
    public static async Task<Results<NoContent, NotFoundError>> Handle(string dockId, string clientId, Caller caller, PlatformDb db, AuditTrail audit, CancellationToken ct)
    {
        var mine = db.MachineClients.Where(c => c.Id == clientId && c.DockId == dockId && c.CompanyId == caller.CompanyId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await mine.AsNoTracking().SingleOrDefaultAsync(ct) is not { } client || await mine.ExecuteDeleteAsync(ct) == 0)
        {
            return Error.MachineClientNotFound();
        }

        db.Add(audit.Entry(AuditActions.MachineClientDeleted, clientId, new { client.Name, client.DockId }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
