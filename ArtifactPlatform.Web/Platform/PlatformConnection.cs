using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Auth;

namespace ArtifactPlatform.Web.Platform;

/// <summary>How signing in went: a session, or why not.</summary>
public sealed record SignInAttempt(SessionCreated? Session, string? Problem);

/// <summary>Makes clients of the platform, and handles sessions, which no user is signed in for yet.</summary>
public sealed partial class PlatformConnection(IHttpClientFactory clients, ILogger<PlatformConnection> logger)
{
    public const string HttpClientName = "platform";

    public PlatformClient ClientFor(string? token) => new(clients.CreateClient(HttpClientName), token);

    public async Task<SignInAttempt> SignInAsync(CreateSessionRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return new(await ClientFor(token: null).SignInAsync(request.Email ?? "", request.Password ?? "", ct), null);
        }
        catch (PlatformApiException e) when (e.Status is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest)
        {
            // One sentence for an unknown address, a wrong password and a locked account: it tells nobody which addresses exist.
            return new(null, "That e-mail and password don't match. After several wrong tries, signing in pauses for a few minutes.");
        }
        catch (Exception e) when (PlatformProblems.IsFailedCall(e, ct))
        {
            LogFailed(logger, e, "sign in");
            return new(null, PlatformProblems.Explain(e).Message);
        }
    }

    /// <returns>False only when the platform says that the session is over.</returns>
    public async Task<bool> SessionHoldsAsync(string token, CancellationToken ct)
    {
        try
        {
            await ClientFor(token).GetCurrentSessionAsync(ct);
            return true;
        }
        catch (PlatformApiException e) when (e.Status == HttpStatusCode.Unauthorized)
        {
            return false;
        }
        catch (Exception e) when (PlatformProblems.IsFailedCall(e, ct))
        {
            LogFailed(logger, e, "check the session");
            return true;
        }
    }

    /// <summary>Never fails: the cookie goes in any case, and the session ends by its own time.</summary>
    public async Task EndSessionAsync(string token, CancellationToken ct)
    {
        try
        {
            await ClientFor(token).SignOutAsync(ct);
        }
        catch (Exception e) when (PlatformProblems.IsFailedCall(e, ct))
        {
            LogFailed(logger, e, "sign out");
        }
    }

    [LoggerMessage(LogLevel.Warning, "Platform call failed: {What}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string what);
}
