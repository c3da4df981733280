using System.Text.Json;

namespace ArtifactPlatform.Client.Audit;

/// <summary>Who does something: a person at the dashboard, a program with an API key, or the platform by itself.</summary>
public enum AuditActorType
{
    User,
    ApiKey,

    /// <summary>By a rule: <c>expires_at</c>, <c>retention</c>, <c>lockout</c>.</summary>
    Platform,
}

/// <param name="Id">Of the user or the API key; the rule's name where the platform does it.</param>
/// <param name="Name">As it is now; null when it is no longer there.</param>
public sealed record AuditActor(AuditActorType Type, string Id, string? Name);

/// <summary>What <c>GET /audit-log</c> filters by; members left out filter nothing.</summary>
public sealed record AuditQuery
{
    /// <summary><c>api_key.created</c> and the like.</summary>
    public string? Action { get; init; }

    /// <summary>Of the user or the API key.</summary>
    public string? ActorId { get; init; }

    /// <summary>What it was done to.</summary>
    public string? SubjectId { get; init; }

    /// <summary>1-100; 20 when left out.</summary>
    public int? Limit { get; init; }

    /// <summary>Id of the last entry of the page before.</summary>
    public string? StartingAfter { get; init; }
}

/// <summary>Who did what, and when.</summary>
public sealed record AuditEntryObject
{
    /// <summary><c>aud_…</c>; sorts by time.</summary>
    public required string Id { get; init; }

    public required AuditActor Actor { get; init; }

    /// <summary><c>api_key.created</c> and the like.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to.</summary>
    public required string SubjectId { get; init; }

    /// <summary>Names, scopes and the like, as they were then; never a secret.</summary>
    public required JsonElement Details { get; init; }

    /// <summary>Of the request that did it: the same as in the log and the trace.</summary>
    public required string RequestId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
