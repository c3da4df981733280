using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>The company's keys, newest first, revoked ones among them.</summary>
    public Task<Page<ApiKeyObject>> ListApiKeysAsync(int? limit, string? startingAfter, CancellationToken ct) =>
        GetAsync<Page<ApiKeyObject>>($"api-keys{new QueryString().Add("limit", limit).Add("startingAfter", startingAfter)}", ct);

    public Task<ApiKeyObject> GetApiKeyAsync(string apiKeyId, CancellationToken ct) => GetAsync<ApiKeyObject>(ApiKeyPath(apiKeyId), ct);

    /// <summary>Makes a key; the answer is the only one that shows it.</summary>
    public Task<CreatedApiKey> CreateApiKeyAsync(CreateApiKeyRequest request, CancellationToken ct) =>
        SendAsync<CreatedApiKey>(HttpMethod.Post, "api-keys", request, ct);

    /// <summary>Ends a key for good. Ending it again changes nothing.</summary>
    public async Task RevokeApiKeyAsync(string apiKeyId, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Delete, ApiKeyPath(apiKeyId), body: null, ct)).Dispose();

    /// <summary>Gives a key a new secret; the answer is the only one that shows it.</summary>
    /// <param name="grace">How long the old one stays good, up to 7 days; null = 1 day.</param>
    public Task<CreatedApiKey> RotateApiKeyAsync(string apiKeyId, TimeSpan? grace, CancellationToken ct) =>
        SendAsync<CreatedApiKey>(HttpMethod.Post, $"{ApiKeyPath(apiKeyId)}/rotate", new RotateApiKeyRequest { GracePeriodSeconds = (int?)grace?.TotalSeconds }, ct);

    /// <summary>Attaches S3 credentials to a key, or replaces them.</summary>
    public Task<S3CredentialsObject> PutS3CredentialsAsync(string apiKeyId, PutS3CredentialsRequest request, CancellationToken ct) =>
        SendAsync<S3CredentialsObject>(HttpMethod.Put, $"{ApiKeyPath(apiKeyId)}/s3-credentials", request, ct);

    /// <exception cref="PlatformApiException">404 <c>s3_credentials_not_found</c>: none are attached.</exception>
    public Task<S3CredentialsObject> GetS3CredentialsAsync(string apiKeyId, CancellationToken ct) =>
        GetAsync<S3CredentialsObject>($"{ApiKeyPath(apiKeyId)}/s3-credentials", ct);

    /// <summary>Tries to read one object with the credentials.</summary>
    /// <param name="s3Path"><c>s3://bucket/key</c>.</param>
    public Task<S3CredentialsTest> TestS3CredentialsAsync(string apiKeyId, string s3Path, CancellationToken ct) =>
        SendAsync<S3CredentialsTest>(HttpMethod.Post, $"{ApiKeyPath(apiKeyId)}/s3-credentials/test", new TestS3CredentialsRequest { S3Path = s3Path }, ct);

    public async Task DeleteS3CredentialsAsync(string apiKeyId, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Delete, $"{ApiKeyPath(apiKeyId)}/s3-credentials", body: null, ct)).Dispose();

    private static string ApiKeyPath(string apiKeyId) => $"api-keys/{Uri.EscapeDataString(apiKeyId)}";
}
