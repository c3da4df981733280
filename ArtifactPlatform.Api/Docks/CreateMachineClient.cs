using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class CreateMachineClient
{
    public static async Task<Results<Created<CreatedMachineClient>, BadRequestError, NotFoundError, ConflictError>> Handle(
        string dockId, CreateMachineClientRequest request, Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        var scopes = (request.Scopes ?? []).ToList();
        var unknown = scopes.FindIndex(s => !Scopes.Machine.Contains(s));
        if (unknown >= 0)
        {
            return Error.UnknownScope($"scopes[{unknown}]", Scopes.Machine);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // A dock that is deleted at the same moment takes the client along, or isn't there.
        if (await db.Docks.FromSql($"select * from docks where id = {dockId} and company_id = {caller.CompanyId} for share").AsNoTracking().SingleOrDefaultAsync(ct) is null)
        {
            return Error.DockNotFound();
        }

        if (await db.MachineClients.CountAsync(c => c.DockId == dockId, ct) >= DockLimits.MaxClients)
        {
            return Error.TooManyInDock("machine clients", DockLimits.MaxClients);
        }

        var secret = SecretToken.New(SecretToken.MachineSecretPrefix);
        var client = new MachineClient(caller.CompanyId, dockId, caller.UserId, request.Name ?? "", secret, scopes.Distinct(), clock.GetUtcNow());
        db.Add(client);
        db.Add(audit.Entry(AuditActions.MachineClientCreated, client.Id, new { client.Name, client.DockId, Scopes = client.ScopeList }));
        await db.SaveChangesAsync(ct);
        var shown = await ShowDock.Show(db, db.MachineClients.Where(c => c.Id == client.Id && c.CompanyId == caller.CompanyId)).SingleAsync(ct);
        await transaction.CommitAsync(ct);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/v1/docks/{dockId}/clients/{client.Id}", shown.WithSecret(secret));
    }
}
