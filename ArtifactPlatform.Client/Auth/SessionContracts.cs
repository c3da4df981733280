using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Client.Auth;

/// <summary>Signs a dashboard user in: <c>POST /api/v1/sessions</c>.</summary>
public sealed record CreateSessionRequest
{
    [Required, StringLength(254, MinimumLength = 3)]
    public string? Email { get; init; }

    [Required, StringLength(256, MinimumLength = 1)]
    public string? Password { get; init; }
}

/// <summary>A signed-in user. <c>token</c> goes into <c>Authorization: Bearer</c> and is shown this once.</summary>
public sealed record SessionCreated(string Token, DateTimeOffset ExpiresAt, SessionUser User);

/// <summary>Who a session belongs to: <c>GET /api/v1/sessions/current</c>.</summary>
/// <param name="Role"><c>owner</c>, <c>member</c> or <c>viewer</c>.</param>
public sealed record SessionUser(string Id, string Name, string Email, string Role, Artifacts.NamedRef Company);
