using ArtifactPlatform.Client.Auth;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>Signs a user in. Needs no token; give the returned one to <see cref="WithToken"/>.</summary>
    /// <exception cref="PlatformApiException">401 <c>sign_in_failed</c>: wrong e-mail or password, or locked for 15 minutes after five wrong ones.</exception>
    public Task<SessionCreated> SignInAsync(string email, string password, CancellationToken ct) =>
        SendAsync<SessionCreated>(HttpMethod.Post, "sessions", new CreateSessionRequest { Email = email, Password = password }, ct);

    /// <summary>Who the session token belongs to.</summary>
    /// <exception cref="PlatformApiException">401: the session has ended.</exception>
    public Task<SessionUser> GetCurrentSessionAsync(CancellationToken ct) => GetAsync<SessionUser>("sessions/current", ct);

    /// <summary>Ends the session: its token is worth nothing from then on.</summary>
    public async Task SignOutAsync(CancellationToken ct) =>
        (await SendAsync(HttpMethod.Delete, "sessions/current", body: null, ct)).Dispose();
}
