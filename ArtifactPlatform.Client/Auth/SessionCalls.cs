using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Auth;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>Signs a user in. Needs no token; give the returned one to <see cref="WithToken"/>.</summary>
    /// <exception cref="PlatformApiException">401 <c>sign_in_failed</c>: wrong e-mail or password, or locked for 15 minutes after five wrong ones.</exception>
    public Task<SessionCreated> SignInAsync(string email, string password, CancellationToken ct) =>
        SignInAsync(new CreateSessionRequest { Email = email, Password = password }, ct);

    /// <inheritdoc cref="SignInAsync(string, string, CancellationToken)"/>
    public Task<SessionCreated> SignInAsync(CreateSessionRequest request, CancellationToken ct) => SendAsync<SessionCreated>(HttpMethod.Post, "sessions", request, ct);

    /// <summary>Signs a user in, or lets an invited person join, with a provider's identity token. Needs no token of the platform.</summary>
    /// <exception cref="PlatformApiException">401 <c>oidc_token_invalid</c>, <c>oidc_email_unverified</c> or <c>oidc_account_missing</c>; 404 <c>oidc_not_configured</c>.</exception>
    public Task<SessionCreated> SignInWithOidcAsync(CreateOidcSessionRequest request, CancellationToken ct) =>
        SendAsync<SessionCreated>(HttpMethod.Post, "sessions/oidc", request, ct);

    /// <summary>Who the session token belongs to.</summary>
    /// <exception cref="PlatformApiException">401: the session has ended.</exception>
    public Task<SessionUser> GetCurrentSessionAsync(CancellationToken ct) => GetAsync<SessionUser>("sessions/current", ct);

    /// <summary>One's own sessions that are in force, newest first.</summary>
    public Task<Page<SessionObject>> ListSessionsAsync(int? limit, string? startingAfter, CancellationToken ct) =>
        GetAsync<Page<SessionObject>>($"sessions{new QueryString().Add("limit", limit).Add("startingAfter", startingAfter)}", ct);

    /// <summary>Ends one of one's own sessions.</summary>
    public async Task EndSessionAsync(string sessionId, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Delete, $"sessions/{Uri.EscapeDataString(sessionId)}", body: null, ct)).Dispose();

    /// <summary>Ends all of one's own sessions but this one.</summary>
    public async Task EndOtherSessionsAsync(CancellationToken ct) =>
        (await SendAsync(HttpMethod.Delete, "sessions", body: null, ct)).Dispose();

    /// <summary>Ends the session: its token is worth nothing from then on.</summary>
    public async Task SignOutAsync(CancellationToken ct) =>
        (await SendAsync(HttpMethod.Delete, "sessions/current", body: null, ct)).Dispose();
}
