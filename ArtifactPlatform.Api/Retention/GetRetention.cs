using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Client.Retention;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Retention;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Retention;

internal static class GetRetention
{
    public static async Task<Ok<RetentionObject>> Handle(Caller caller, PlatformDb db, CancellationToken ct) =>
        TypedResults.Ok((await db.RetentionSettings.AsNoTracking().SingleOrDefaultAsync(s => s.CompanyId == caller.CompanyId, ct) ?? RetentionSettings.Defaults).ToObject());
}
