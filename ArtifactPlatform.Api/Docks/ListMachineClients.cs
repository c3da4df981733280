using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class ListMachineClients
{
    public static async Task<Results<Ok<Page<MachineClientObject>>, BadRequestError, NotFoundError>> Handle(
        string dockId,
        [Description("Clients a page, 1-100."), Range(1, 100), DefaultValue(NewestFirst.DefaultLimit)] int? limit,
        [Description("Id of the last client of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        if (!await db.Docks.AnyAsync(d => d.Id == dockId && d.CompanyId == caller.CompanyId, ct))
        {
            return Error.DockNotFound();
        }

        var clients = db.MachineClients.Where(c => c.DockId == dockId && c.CompanyId == caller.CompanyId);
        if (await clients.BehindAsync(startingAfter, ct) is not { } behind)
        {
            return Error.InvalidCursor("startingAfter");
        }

        var found = await ShowDock.Show(db, behind.Newest(limit)).ToListAsync(ct);
        return found.ToPage(limit, c => c.ClientId);
    }
}
