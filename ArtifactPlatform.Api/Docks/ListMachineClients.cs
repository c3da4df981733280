using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class ListMachineClients
{
    private const int DefaultLimit = 20;

    public static async Task<Results<Ok<Page<MachineClientObject>>, BadRequestError, NotFoundError>> Handle(
        string dockId,
        [Description("Clients a page, 1-100."), Range(1, 100), DefaultValue(DefaultLimit)] int? limit,
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
        if (startingAfter is not null)
        {
            if (!await clients.AnyAsync(c => c.Id == startingAfter, ct))
            {
                return Error.InvalidCursor("startingAfter");
            }

            clients = clients.Where(c => string.Compare(c.Id, startingAfter) < 0);
        }

        var size = limit ?? DefaultLimit;
        var found = await ShowDock.Show(db, clients.OrderByDescending(c => c.Id).Take(size + 1)).ToListAsync(ct);
        var page = found.Take(size).ToList();
        return TypedResults.Ok(new Page<MachineClientObject>(page, found.Count > size, found.Count > size ? page[^1].ClientId : null));
    }
}
