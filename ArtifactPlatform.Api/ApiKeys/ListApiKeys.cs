using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class ListApiKeys
{
    private const int DefaultLimit = 20;

    public static async Task<Results<Ok<Page<ApiKeyObject>>, BadRequestError>> Handle(
        [Description("Keys a page, 1-100."), Range(1, 100), DefaultValue(DefaultLimit)] int? limit,
        [Description("Id of the last key of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        var keys = db.ApiKeys.AsNoTracking().Where(k => k.CompanyId == caller.CompanyId);
        if (startingAfter is not null)
        {
            if (!await keys.AnyAsync(k => k.Id == startingAfter, ct))
            {
                return Error.InvalidCursor("startingAfter");
            }

            // Ids sort by time.
            keys = keys.Where(k => string.Compare(k.Id, startingAfter) < 0);
        }

        var size = limit ?? DefaultLimit;
        var found = await ShowApiKey.Show(db, keys.OrderByDescending(k => k.Id).Take(size + 1)).ToListAsync(ct);
        var page = found.Take(size).Select(f => f.ToObject()).ToList();
        return TypedResults.Ok(new Page<ApiKeyObject>(page, found.Count > size, found.Count > size ? page[^1].Id : null));
    }
}
