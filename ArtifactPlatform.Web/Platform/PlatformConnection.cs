using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Client.Users;

namespace ArtifactPlatform.Web.Platform;

/// <summary>How signing in went: a session, or why not.</summary>
public sealed record SignInAttempt(SessionCreated? Session, string? Problem);

/// <summary>Whether the platform says that a session holds, and who it belongs to; null when it was not asked or did not answer.</summary>
public sealed record SessionCheck(bool Holds, SessionUser? User);

/// <summary>Makes clients of the platform, and handles sessions, which no user is signed in for yet.</summary>
public sealed partial class PlatformConnection(IHttpClientFactory clients, ILogger<PlatformConnection> logger)
{
    public const string HttpClientName = "platform";

    /// <summary>In place of an error's code, where no error answer came.</summary>
    public const string Unavailable = "unavailable";

    public PlatformClient ClientFor(string? token) => new(clients.CreateClient(HttpClientName), token);

    public async Task<SignInAttempt> SignInAsync(CreateSessionRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return new(await ClientFor(token: null).SignInAsync(request, ct), null);
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

    /// <returns>When there is no session, the problem is the error's code.</returns>
    public async Task<SignInAttempt> SignInWithOidcAsync(CreateOidcSessionRequest request, CancellationToken ct)
    {
        try
        {
            return new(await ClientFor(token: null).SignInWithOidcAsync(request, ct), null);
        }
        catch (PlatformApiException e) when (e.Status < HttpStatusCode.InternalServerError)
        {
            LogRefused(logger, e.Error.Code, e.Error.RequestId);
            return new(null, e.Error.Code);
        }
        catch (Exception e) when (PlatformProblems.IsFailedCall(e, ct))
        {
            LogFailed(logger, e, "sign in through the provider");
            return new(null, Unavailable);
        }
    }

    /// <summary>Joins a company by invitation.</summary>
    public async Task<SignInAttempt> JoinAsync(AcceptInvitationRequest request, CancellationToken ct)
    {
        try
        {
            return new(await ClientFor(token: null).AcceptInvitationAsync(request, ct), null);
        }
        catch (PlatformApiException e) when (e.Status < HttpStatusCode.InternalServerError)
        {
            LogRefused(logger, e.Error.Code, e.Error.RequestId);
            return new(null, PlatformProblems.Explain(e).Message);
        }
        catch (Exception e) when (PlatformProblems.IsFailedCall(e, ct))
        {
            LogFailed(logger, e, "join");
            return new(null, PlatformProblems.Explain(e).Message);
        }
    }

    /// <returns>What the invitation is for, or why it can't be seen.</returns>
    public async Task<(InvitationPreview? Preview, string? Problem)> LookupInvitationAsync(string token, CancellationToken ct)
    {
        try
        {
            return (await ClientFor(token: null).LookupInvitationAsync(token, ct), null);
        }
        catch (PlatformApiException e) when (e.Status == HttpStatusCode.BadRequest)
        {
            return (null, "This invitation can't be used: it was taken up, revoked or replaced, or has run out. Ask whoever invited you for another one.");
        }
        catch (Exception e) when (PlatformProblems.IsFailedCall(e, ct))
        {
            LogFailed(logger, e, "look at an invitation");
            return (null, PlatformProblems.Explain(e).Message);
        }
    }

    /// <returns>That it does not hold only when the platform says so.</returns>
    public async Task<SessionCheck> CheckSessionAsync(string token, CancellationToken ct)
    {
        try
        {
            return new(Holds: true, await ClientFor(token).GetCurrentSessionAsync(ct));
        }
        catch (PlatformApiException e) when (e.Status == HttpStatusCode.Unauthorized)
        {
            return new(Holds: false, User: null);
        }
        catch (Exception e) when (PlatformProblems.IsFailedCall(e, ct))
        {
            LogFailed(logger, e, "check the session");
            return new(Holds: true, User: null);
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

    [LoggerMessage(LogLevel.Information, "The platform lets nobody in: {Code} ({RequestId})")]
    private static partial void LogRefused(ILogger logger, string code, string requestId);

    [LoggerMessage(LogLevel.Warning, "Platform call failed: {What}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string what);
}
