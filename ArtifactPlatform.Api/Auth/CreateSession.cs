using System.Text.Json;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Auth;

internal static class CreateSession
{
    public static async Task<Results<Created<SessionCreated>, UnauthorizedError>> Handle(CreateSessionRequest request, HttpContext http, OpenSession open, CancellationToken ct) =>
        await FindUserAsync(http, request, ct) is { } user ? await open.ForAsync(user, request.Device, ct) : Error.SignInFailed();

    /// <summary>The user, once the password is right: a first answer is given again to nobody who could not have got it.</summary>
    public static async Task<KeyOwner?> FindOwnerAsync(HttpContext http)
    {
        if (await ReadAsync(http.Request, http.RequestAborted) is not { } request || await FindUserAsync(http, request, http.RequestAborted) is not { } user)
        {
            return null;
        }

        return new KeyOwner(user.Id, user.CompanyId) { Body = JsonSerializer.SerializeToUtf8Bytes(request with { Password = null }, ContractJson.Options) };
    }

    /// <returns>Null when it is no such JSON: the handler will say what is wrong with it.</returns>
    private static async Task<CreateSessionRequest?> ReadAsync(HttpRequest http, CancellationToken ct)
    {
        var options = http.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        try
        {
            // From the stream: the request's own reader would keep what it has read ahead from the handler.
            return http.HasJsonContentType() ? await JsonSerializer.DeserializeAsync<CreateSessionRequest>(http.Body, options, ct) : null;
        }
        catch (JsonException)
        {
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
