using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class ListApiKeys
{
    public static async Task<Results<Ok<Page<ApiKeyObject>>, BadRequestError>> Handle(
        [Description("Keys a page, 1-100."), Range(1, 100), DefaultValue(NewestFirst.DefaultLimit)] int? limit,
        [Description("Id of the last key of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        var keys = db.ApiKeys.AsNoTracking().Where(k => k.CompanyId == caller.CompanyId);
        if (await keys.BehindAsync(startingAfter, ct) is not { } behind)
        {
            return Error.InvalidCursor("startingAfter");
        }

        var found = await ShowApiKey.Show(db, behind.Newest(limit)).ToListAsync(ct);
        return found.Select(f => f.ToObject()).ToPage(limit, k => k.Id);
    }
}
