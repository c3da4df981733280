namespace ArtifactPlatform.Api.Auth;

/// <summary>Who sends this request. Handlers take it and put its company into every WHERE clause.</summary>
/// <param name="UserId">The signed-in user, or who made the API key.</param>
/// <param name="ApiKeyId">Null for a dashboard session.</param>
/// <param name="SessionId">Null for an API key.</param>
public sealed record Caller(string CompanyId, string UserId, string? ApiKeyId, string? SessionId, IReadOnlySet<string> Scopes)
{
    /// <summary>Whose idempotency keys these are: they outlive a session, so they are its user's.</summary>
    public string OwnerId => ApiKeyId ?? UserId;

    /// <summary>The key or session, whichever it is.</summary>
    public string CredentialId => ApiKeyId ?? SessionId ?? "";
}
