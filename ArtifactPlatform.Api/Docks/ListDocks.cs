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

internal static class ListDocks
{
    private const int DefaultLimit = 20;

    public static async Task<Results<Ok<Page<DockObject>>, BadRequestError>> Handle(
        [Description("Docks a page, 1-100."), Range(1, 100), DefaultValue(DefaultLimit)] int? limit,
        [Description("Id of the last dock of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        var docks = db.Docks.Where(d => d.CompanyId == caller.CompanyId);
        if (startingAfter is not null)
        {
            if (!await docks.AnyAsync(d => d.Id == startingAfter, ct))
            {
                return Error.InvalidCursor("startingAfter");
            }

            // Ids sort by time.
            docks = docks.Where(d => string.Compare(d.Id, startingAfter) < 0);
        }

        var size = limit ?? DefaultLimit;
        var found = await ShowDock.Show(db, docks.OrderByDescending(d => d.Id).Take(size + 1)).ToListAsync(ct);
        var page = found.Take(size).ToList();
        return TypedResults.Ok(new Page<DockObject>(page, found.Count > size, found.Count > size ? page[^1].Id : null));
    }
}
