using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class GetApiKey
{
    public static async Task<Results<Ok<ApiKeyObject>, NotFoundError>> Handle(string apiKeyId, Caller caller, PlatformDb db, CancellationToken ct) =>
        await ShowApiKey.Show(db, db.ApiKeys.Where(k => k.Id == apiKeyId && k.CompanyId == caller.CompanyId)).SingleOrDefaultAsync(ct) is { } found
            ? TypedResults.Ok(found.ToObject())
            : Error.ApiKeyNotFound();
}
