using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>The log says who did what, and keeps secrets to itself.</summary>
public sealed class LogTests(Platform platform)
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_is_logged_with_its_request_id_and_caller()
    {
        var company = await platform.NewCompanyAsync();
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.GetArtifactAsync("none", ct));
        var line = await Eventually.GetAsync(() => Task.FromResult(platform.App.GetLogs("api").FirstOrDefault(l => l.Contains(e.Error.RequestId, StringComparison.Ordinal))), () => "the request's log line");

        Assert.All(["GET /api/v1/artifacts/none", "404", "artifact_not_found", company.CompanyId, company.ApiKeyId], part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Secrets_tokens_and_presigned_urls_never_reach_a_log()
    {
        var company = await platform.NewCompanyAsync();
        var session = await company.Client.SignInAsync(company.Email, company.Password, ct);
        var key = await company.Client.CreateApiKeyAsync(new() { Name = "a", Scopes = ["artifacts:write"] }, ct);
        await company.Client.PutS3CredentialsAsync(company.ApiKeyId, new() { AccessKeyId = "AK", SecretAccessKey = $"secret-{Guid.NewGuid():N}", Region = "us-east-1" }, ct);
        var upload = await company.Client.CreateUploadAsync(new() { Name = "a.txt", Type = ArtifactType.Script }, ct);
        using (var plain = new HttpClient())
        using (var put = await plain.PutAsync(upload.PresignedUploadUrl, new StringContent("Hello.\n"), ct))
        {
            put.EnsureSuccessStatusCode();
        }

        await company.CompletedAsync(upload.ArtifactId);
        var download = await company.Client.GetDownloadUrlAsync(upload.ArtifactId, ct);
        await Assert.ThrowsAsync<PlatformApiException>(() => new PlatformClient(platform.CreateClient(), $"{key.Key}x").ListArtifactsAsync(new(), ct));
        var eventsToken = await platform.App.GetEnvironmentAsync("api", "Storage__EventsToken", ct);
        string?[] secrets = [company.ApiKey, company.Password, session.Token, key.Key, Signature(upload.PresignedUploadUrl), Signature(download.Url), eventsToken, "secret-", "X-Amz-Signature"];

        var lines = new[] { "migrate", "api", "worker" }.SelectMany(name => platform.App.GetLogs(name)).ToList();
        Assert.All(secrets, secret => Assert.DoesNotContain(lines, line => line.Contains(secret ?? throw new InvalidOperationException(), StringComparison.Ordinal)));
    }

    private static string Signature(string url) => url[(url.IndexOf("X-Amz-Signature=", StringComparison.Ordinal) + 16)..].Split('&')[0];
}
