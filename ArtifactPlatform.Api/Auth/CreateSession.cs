using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Auth;

internal static class CreateSession
{
    public static async Task<Results<Created<SessionCreated>, UnauthorizedError>> Handle(
        CreateSessionRequest request, PlatformDb db, CheckPassword check, OpenSession open, CancellationToken ct)
    {
        var email = User.NormalizeEmail(request.Email ?? "");
        return await check.FindAsync(db.Users.Where(u => u.Email == email && u.RemovedAt == null), request.Password ?? "", ct) is { } user
            ? await open.ForAsync(user, request.Device, ct)
            : Error.SignInFailed();
    }
}
