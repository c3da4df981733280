namespace ArtifactPlatform.Api.Auth;

/// <summary>Who sends this request. Handlers take it and put its company into every WHERE clause.</summary>
/// <param name="UserId">The signed-in user, or who made the API key or machine client.</param>
/// <param name="ApiKeyId">Null for a dashboard session and a machine.</param>
/// <param name="SessionId">Null for an API key and a machine.</param>
public sealed record Caller(string CompanyId, string UserId, string? ApiKeyId, string? SessionId, IReadOnlySet<string> Scopes)
{
    /// <summary>Whose idempotency keys these are: they outlive a session, so they are its user's.</summary>
    public string OwnerId => ApiKeyId ?? Machine?.ClientId ?? UserId;

    /// <summary>Null for all but a machine's access token.</summary>
    public CallingMachine? Machine { get; init; }

    /// <summary>The key, session or machine client, whichever it is.</summary>
    public string CredentialId => ApiKeyId ?? SessionId ?? Machine?.ClientId ?? "";
}

/// <summary>A machine client, and the one dock that it may enter.</summary>
public sealed record CallingMachine(string ClientId, string DockId);
