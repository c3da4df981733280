using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Client.ApiKeys;

/// <summary>Makes an API key: <c>POST /api/v1/api-keys</c>.</summary>
public sealed record CreateApiKeyRequest
{
    /// <summary>For people to tell keys apart.</summary>
    [Required, TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Name { get; init; }

    /// <summary>Any of <c>artifacts:read</c>, <c>artifacts:write</c>, <c>videos:read</c>, <c>videos:write</c>, <c>admin</c>.</summary>
    [Required, Length(1, 16, ErrorMessage = ContractPatterns.EntriesMessage)]
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>When the key ends by itself; left out = never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An API key without its secret part.</summary>
public record ApiKeyObject
{
    /// <summary><c>key_…</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The key's first characters.</summary>
    public required string Prefix { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Exact to a minute; null when it was never used.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Since when it is refused; null while it is good.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Until when the key from before the last rotation is good, too; null when it was never rotated.</summary>
    public DateTimeOffset? PreviousKeyExpiresAt { get; init; }

    /// <summary>Who made it.</summary>
    public required NamedRef CreatedBy { get; init; }

    /// <summary>Whether S3 credentials are attached.</summary>
    public required bool HasS3Credentials { get; init; }
}

/// <summary>A new API key, with the whole key this one time.</summary>
public sealed record CreatedApiKey : ApiKeyObject
{
    public CreatedApiKey()
    {
    }

    /// <param name="key">Everything but the secret.</param>
    [SetsRequiredMembers]
    public CreatedApiKey(ApiKeyObject key)
        : base(key) => Key = "";

    /// <summary>Goes into <c>Authorization: Bearer</c>. Not stored: it can't be shown again.</summary>
    public required string Key { get; init; }
}

/// <summary>Rotates an API key: <c>POST /api/v1/api-keys/{id}/rotate</c>.</summary>
public sealed record RotateApiKeyRequest
{
    /// <summary>Seconds for which the old key stays good beside the new one, up to 7 days; left out = 1 day, 0 = it ends at once.</summary>
    [Range(0, 604_800)]
    public int? GracePeriodSeconds { get; init; }
}

/// <summary>Tries the S3 credentials of an API key: <c>POST /api/v1/api-keys/{id}/s3-credentials/test</c>.</summary>
public sealed record TestS3CredentialsRequest
{
    /// <summary>An object that they should be able to read: <c>s3://bucket/key</c>.</summary>
    [Required, StringLength(1300, MinimumLength = 1)]
    public string? S3Path { get; init; }
}

/// <summary>What came of the try.</summary>
/// <param name="Ok">The object can be read.</param>
/// <param name="Problem">What stands in the way: <c>not_found</c>, <c>no_such_bucket</c>, <c>get_object_denied</c>, <c>get_object_and_list_bucket_denied</c>, <c>unknown_access_key</c>, <c>wrong_secret</c>, <c>session_token_invalid</c>, <c>wrong_region</c>, <c>clock_skew</c>, <c>endpoint_unreachable</c>, <c>endpoint_not_s3</c>, <c>endpoint_forbidden</c>, <c>credentials_unreadable</c> or <c>store_error</c>; null when all is well.</param>
/// <param name="Hint">What to do about it, in words.</param>
public sealed record S3CredentialsTest(bool Ok, string? Problem, string? Hint);

/// <summary>Attaches a customer's own S3 access to an API key, or replaces it.</summary>
public sealed record PutS3CredentialsRequest
{
    [Required, StringLength(128, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? AccessKeyId { get; init; }

    [Required, StringLength(256, MinimumLength = 1)]
    public string? SecretAccessKey { get; init; }

    /// <summary>For temporary credentials.</summary>
    [StringLength(4096, MinimumLength = 1)]
    public string? SessionToken { get; init; }

    /// <summary><c>us-east-1</c>; stores other than AWS mostly take any word.</summary>
    [Required, StringLength(64, MinimumLength = 1), RegularExpression("^[a-z0-9-]+$", ErrorMessage = "The field {0} must consist of small letters, digits and dashes.")]
    public string? Region { get; init; }

    /// <summary>http or https address of the store; left out = AWS.</summary>
    [StringLength(2048)]
    public string? Endpoint { get; init; }
}

/// <summary>S3 credentials as they can be shown: the secret never is.</summary>
public sealed record S3CredentialsObject
{
    public required string AccessKeyId { get; init; }

    public required string Region { get; init; }

    /// <summary>Null means AWS.</summary>
    public string? Endpoint { get; init; }

    public required bool HasSessionToken { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
