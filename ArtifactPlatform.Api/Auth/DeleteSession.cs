using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Auth;

internal static class DeleteSession
{
    public static async Task<NoContent> Handle(Caller caller, PlatformDb db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await db.Sessions
            .Where(s => s.Id == caller.SessionId && s.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now), ct);
        return TypedResults.NoContent();
    }
}
