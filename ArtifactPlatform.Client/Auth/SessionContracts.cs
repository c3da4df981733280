using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Client.Auth;

/// <summary>Signs a dashboard user in: <c>POST /api/v1/sessions</c>.</summary>
public sealed record CreateSessionRequest
{
    [Required, StringLength(254, MinimumLength = 3)]
    public string? Email { get; init; }

    [Required, StringLength(256, MinimumLength = 1)]
    public string? Password { get; init; }

    /// <summary>What the session runs on, for the person to know it by; left out = the request's <c>User-Agent</c>.</summary>
    [StringLength(512)]
    public string? Device { get; init; }
}

/// <summary>Signs a dashboard user in with what an OpenID Connect provider said of them: <c>POST /api/v1/sessions/oidc</c>.</summary>
public sealed record CreateOidcSessionRequest
{
    /// <summary>The provider's identity token, as it came from its token endpoint. It opens one session, within five minutes of its making.</summary>
    [Required, StringLength(16384, MinimumLength = 1)]
    public string? IdToken { get; init; }

    /// <summary>The one that the client sent the person to the provider with; the token must carry it.</summary>
    [Required, StringLength(512, MinimumLength = 8)]
    public string? Nonce { get; init; }

    /// <summary>For a person who has no account yet: an invitation of the address that the provider vouches for.</summary>
    [StringLength(256, MinimumLength = 1)]
    public string? InvitationToken { get; init; }

    /// <summary>What the session runs on, for the person to know it by; left out = the request's <c>User-Agent</c>.</summary>
    [StringLength(512)]
    public string? Device { get; init; }
}

/// <summary>A signed-in user. <c>token</c> goes into <c>Authorization: Bearer</c> and is shown this once.</summary>
public sealed record SessionCreated(string Token, DateTimeOffset ExpiresAt, SessionUser User);

/// <summary>Who a session belongs to: <c>GET /api/v1/sessions/current</c>.</summary>
/// <param name="Role"><c>owner</c>, <c>member</c> or <c>viewer</c>.</param>
public sealed record SessionUser(string Id, string Name, string Email, string Role, Artifacts.NamedRef Company);

/// <summary>One of the caller's own sessions.</summary>
public sealed record SessionObject
{
    /// <summary><c>sess_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it was opened on, as the client said: mostly a browser's <c>User-Agent</c>.</summary>
    public required string Device { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Exact to a minute; null when it was never used.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>It is the one that asks.</summary>
    public required bool Current { get; init; }
}
