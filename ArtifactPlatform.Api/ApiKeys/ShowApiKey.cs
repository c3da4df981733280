using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.ApiKeys;

/// <summary>Rows in the contract's form.</summary>
internal static class ShowApiKey
{
    public static ApiKeyObject ToObject(this ShownApiKey shown) => new()
    {
        Id = shown.Key.Id,
        Name = shown.Key.Name,
        Prefix = shown.Key.Prefix,
        Scopes = shown.Key.ScopeList,
        CreatedAt = shown.Key.CreatedAt,
        LastUsedAt = shown.Key.LastUsedAt,
        ExpiresAt = shown.Key.ExpiresAt,
        RevokedAt = shown.Key.RevokedAt,
        PreviousKeyExpiresAt = shown.Key.RevokedAt is null ? Earlier(shown.Key.PreviousExpiresAt, shown.Key.ExpiresAt) : null,
        CreatedBy = new NamedRef(shown.Key.UserId, shown.UserName),
        HasS3Credentials = shown.HasS3Credentials,
    };

    /// <summary>The key from before a rotation ends with the key at the latest.</summary>
    private static DateTimeOffset? Earlier(DateTimeOffset? previous, DateTimeOffset? own) => previous > own ? own : previous;

    /// <exception cref="InvalidOperationException">There is no such key in the company.</exception>
    public static async Task<ApiKeyObject> ReadAsync(PlatformDb db, string companyId, string apiKeyId, CancellationToken ct)
    {
        var found = await Show(db, db.ApiKeys.Where(k => k.Id == apiKeyId && k.CompanyId == companyId)).SingleAsync(ct);
        return found.ToObject();
    }

    /// <summary>Adds what stands in other tables, keeping their order.</summary>
    public static IQueryable<ShownApiKey> Show(PlatformDb db, IQueryable<ApiKey> keys) => keys.AsNoTracking().Select(k => new ShownApiKey(
        k, db.Users.Where(u => u.Id == k.UserId).Select(u => u.Name).SingleOrDefault(), db.S3Credentials.Any(c => c.ApiKeyId == k.Id)));

    /// <summary>With the whole key, this one time.</summary>
    public static CreatedApiKey WithKey(this ApiKeyObject key, string secret) => new(key) { Key = secret };

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

/// <summary>A key with what stands in other tables.</summary>
internal sealed record ShownApiKey(ApiKey Key, string? UserName, bool HasS3Credentials);
