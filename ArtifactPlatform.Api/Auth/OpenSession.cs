using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Core.Auth;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Auth;

/// <summary>Begins a session of someone who has shown who they are.</summary>
internal sealed class OpenSession(PlatformDb db, IHttpContextAccessor http, TimeProvider clock)
{
    /// <summary>A working day; who works longer signs in again.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Browsers' own are below 300 characters.</summary>
    private const int MaxDeviceLength = 512;

    /// <param name="device">As the client says; null = the request's <c>User-Agent</c>.</param>
    public async Task<Created<SessionCreated>> ForAsync(User user, string? device, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var token = SecretToken.New(SecretToken.SessionPrefix);
        var session = new Session(user.Id, user.CompanyId, SecretToken.Hash(token), now, Lifetime, Printable(device ?? http.HttpContext?.Request.Headers.UserAgent.ToString() ?? ""));
        db.Add(session);
        await db.SaveChangesAsync(ct);
        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.LastSignInAt, now), ct);
        var company = await db.Companies.Where(c => c.Id == user.CompanyId).Select(c => c.Name).SingleAsync(ct);
        if (http.HttpContext is { } context)
        {
            context.Response.Headers.CacheControl = "no-store";
            context.Features.Set(new AnswerEnds(session.ExpiresAt));
        }

        return TypedResults.Created(
            "/api/v1/sessions/current",
            new SessionCreated(token, session.ExpiresAt, new SessionUser(user.Id, user.Name, user.Email, user.Role.Word(), new NamedRef(user.CompanyId, company))));
    }

    private static string Printable(string device)
    {
        var text = string.Concat(device.Where(c => !char.IsControl(c)));
        return StorableText.Cut(text, MaxDeviceLength);
    }
}
