using System.Text.Json.Serialization;

namespace ArtifactPlatform.Client;

/// <summary>The one form of every error answer.</summary>
public sealed record ErrorEnvelope([property: JsonPropertyName("error")] ApiError Error);

/// <summary>What went wrong.</summary>
public sealed record ApiError
{
    /// <summary><c>invalid_request_error</c>, <c>authentication_error</c>, <c>permission_error</c>, <c>not_found</c>, <c>rate_limit_error</c>, <c>quota_exceeded</c> or <c>api_error</c>.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>Stable word for a program to act on.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }

    /// <summary>For a person: what is wrong and what to change.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>The field or parameter at fault, as <c>fragments[2].startTime</c>; null where none is.</summary>
    [JsonPropertyName("param"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Param { get; init; }

    /// <summary>Also in the <c>X-Request-Id</c> header, the logs and the traces.</summary>
    [JsonPropertyName("request_id")]
    public required string RequestId { get; init; }
}

/// <summary>The words in an error's <c>type</c>.</summary>
public static class ErrorTypes
{
    public const string InvalidRequest = "invalid_request_error";
    public const string Authentication = "authentication_error";
    public const string Permission = "permission_error";
    public const string NotFound = "not_found";
    public const string RateLimit = "rate_limit_error";
    public const string QuotaExceeded = "quota_exceeded";
    public const string Api = "api_error";
}
