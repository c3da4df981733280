using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.ApiKeys;

namespace ArtifactPlatform.Api.ApiKeys;

/// <summary>Rows in the contract's form.</summary>
internal static class ShowApiKey
{
    public static ApiKeyObject ToObject(this ApiKey key, string? userName, bool hasS3Credentials) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Prefix = key.Prefix,
        Scopes = key.ScopeList,
        CreatedAt = key.CreatedAt,
        LastUsedAt = key.LastUsedAt,
        ExpiresAt = key.ExpiresAt,
        RevokedAt = key.RevokedAt,
        CreatedBy = new NamedRef(key.UserId, userName),
        HasS3Credentials = hasS3Credentials,
    };

    public static S3CredentialsObject ToObject(this S3Credentials credentials) => new()
    {
        AccessKeyId = credentials.AccessKeyId,
        Region = credentials.Region,
        Endpoint = credentials.Endpoint,
        HasSessionToken = credentials.ProtectedToken is not null,
        CreatedAt = credentials.CreatedAt,
        UpdatedAt = credentials.UpdatedAt,
    };
}
