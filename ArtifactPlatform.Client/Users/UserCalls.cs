using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Client.Users;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>The people of the company, newest first.</summary>
    public Task<Page<UserObject>> ListUsersAsync(int? limit, string? startingAfter, CancellationToken ct) =>
        GetAsync<Page<UserObject>>($"users{new QueryString().Add("limit", limit).Add("startingAfter", startingAfter)}", ct);

    /// <exception cref="PlatformApiException">409 <c>last_owner</c>: the company would be left without one.</exception>
    public Task<UserObject> PatchUserAsync(string userId, PatchUserRequest request, CancellationToken ct) =>
        SendAsync<UserObject>(HttpMethod.Patch, UserPath(userId), request, ct);

    /// <summary>Takes a person out of the company: their sessions, the API keys that they made and their open invitations end.</summary>
    /// <exception cref="PlatformApiException">409 <c>last_owner</c>: the company would be left without one.</exception>
    public async Task RemoveUserAsync(string userId, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Delete, UserPath(userId), body: null, ct)).Dispose();

    /// <summary>Signs a person out everywhere.</summary>
    public async Task EndSessionsOfUserAsync(string userId, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Delete, $"{UserPath(userId)}/sessions", body: null, ct)).Dispose();

    /// <summary>Changes one's own name.</summary>
    public Task<SessionUser> PatchMeAsync(PatchMeRequest request, CancellationToken ct) =>
        SendAsync<SessionUser>(HttpMethod.Patch, "users/me", request, ct);

    /// <summary>Changes one's own password; all sessions but this one end.</summary>
    /// <exception cref="PlatformApiException">400 <c>current_password_wrong</c>, also while the account is locked; 400 <c>password_too_common</c>.</exception>
    public async Task ChangePasswordAsync(string currentPassword, string newPassword, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Put, "users/me/password", new ChangePasswordRequest { CurrentPassword = currentPassword, NewPassword = newPassword }, ct)).Dispose();

    private static string UserPath(string userId) => $"users/{Uri.EscapeDataString(userId)}";
}
