using System.Text.Json;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Auth;

internal static class CreateSession
{
    public static async Task<Results<Created<SessionCreated>, UnauthorizedError>> Handle(CreateSessionRequest request, HttpContext http, OpenSession open, CancellationToken ct) =>
        await FindUserAsync(http, request, ct) is { } user ? await open.ForAsync(user, request.Device, ct) : Error.SignInFailed();

    /// <summary>The user, once the password is right: a first answer is given again to nobody who could not have got it.</summary>
    public static async Task<KeyOwner?> FindOwnerAsync(HttpContext http)
    {
        try
        {
            return await http.Request.ReadFromJsonAsync<CreateSessionRequest>(http.RequestAborted) is { } request && await FindUserAsync(http, request, http.RequestAborted) is { } user
                ? new KeyOwner(user.Id, user.CompanyId) { Body = JsonSerializer.SerializeToUtf8Bytes(request with { Password = null }, ContractJson.Options) }
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or none of this form.
            return null;
        }
    }

    /// <summary>Looks at the password once a request, however often it is asked: a wrong one counts as one.</summary>
    private static async Task<User?> FindUserAsync(HttpContext http, CreateSessionRequest request, CancellationToken ct)
    {
        if (http.Features.Get<PasswordChecked>() is not { } done)
        {
            var (db, check) = (http.RequestServices.GetRequiredService<PlatformDb>(), http.RequestServices.GetRequiredService<CheckPassword>());
            var email = User.NormalizeEmail(request.Email ?? "");
            done = new PasswordChecked(await check.FindAsync(db.Users.Where(u => u.Email == email && u.RemovedAt == null), request.Password ?? "", ct));
            http.Features.Set(done);
        }

        return done.User;
    }

    /// <param name="User">Null when they may not come in.</param>
    private sealed record PasswordChecked(User? User);
}
