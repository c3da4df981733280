using System.Security.Cryptography;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Tests.Playback;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>The log says who did what, and keeps secrets to itself.</summary>
public sealed class LogTests(Platform platform) : IClassFixture<StartedPlatform>
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
    public async Task No_secret_reaches_a_log_a_trace_or_the_audit_log()
    {
        var company = await platform.NewCompanyAsync();
        var traceId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var secrets = new Dictionary<string, string> { ["API key"] = company.ApiKey, ["password"] = company.Password };
        foreach (var digit in "0123456789abcdef")
        {
            // Nobody's: spans of requests to the store keep the parameter's name, with `Redacted` as its value.
            secrets[$"signature with {digit}"] = $"X-Amz-Signature={digit}";
        }

        using var http = platform.CreateClient(company.ApiKey);
        // Traced: what is not asked for is not sampled in the test platform.
        http.DefaultRequestHeaders.Add("traceparent", $"00-{traceId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}-01");
        var client = new PlatformClient(http);
        await WalkPeopleAsync(client, http, company, secrets);
        await WalkKeysAsync(client, http, company, secrets);
        var artifactId = await WalkFilesAsync(client, http, secrets);
        secrets["events token"] = await platform.App.GetEnvironmentAsync("api", "Storage__EventsToken", ct) ?? "";

        // Exports are in order: what came before the last is in.
        var last = $"last-{Guid.NewGuid():N}";
        await Assert.ThrowsAsync<PlatformApiException>(() => client.GetArtifactAsync(last, ct));
        await Eventually.TrueAsync(
            () => Task.FromResult(platform.Telemetry.Holds(last) && new[] { "api", "worker" }.All(service => platform.Telemetry.Spans.Any(s => s.TraceId == traceId && s.Service == service))
                && platform.Telemetry.Spans.Any(s => s.TraceId == traceId && s.Attributes.GetValueOrDefault("url.path")?.EndsWith(last, StringComparison.Ordinal) == true)),
            () => $"logs and spans of trace {traceId}, artifact {artifactId}; there are {string.Join(", ", platform.Telemetry.Spans.Where(s => s.TraceId == traceId && s.Name != "postgresql").Select(s => $"{s.Service}: {s.Name}"))}",
            TimeSpan.FromSeconds(120));
        var logs = Directory.GetFiles(Path.Combine(platform.App.DataFolder, "logs"));
        var audit = string.Join('\n', (await company.Client.ListAuditLogAsync(null, null, 100, null, ct)).Data.Select(e => e.Details.GetRawText()));

        Assert.NotEmpty(audit);
        Assert.DoesNotContain(logs, file => Read(file).Contains("X-Amz-Signature", StringComparison.Ordinal));
        Assert.Contains(logs, file => Path.GetFileName(file).StartsWith("api", StringComparison.Ordinal) && Read(file).Contains(last, StringComparison.Ordinal));
        Assert.All(secrets, secret =>
        {
            Assert.True(secret.Value.Length > 8, secret.Key);
            Assert.DoesNotContain(logs, file => Read(file).Contains(secret.Value, StringComparison.Ordinal));
            Assert.True(platform.Telemetry.Find(secret.Value) is null, $"The {secret.Key} was exported: {platform.Telemetry.Find(secret.Value)}");
            Assert.DoesNotContain(secret.Value, audit, StringComparison.Ordinal);
        });
    }

    /// <summary>Also tries that fail, and what stands in an address by mistake.</summary>
    private async Task WalkPeopleAsync(PlatformClient client, HttpClient http, TestCompany company, Dictionary<string, string> secrets)
    {
        var session = await client.SignInAsync(company.Email, company.Password, ct);
        (secrets["session token"], secrets["new password"], secrets["wrong password"]) = (session.Token, $"new-{Guid.NewGuid():N}", $"wrong-{Guid.NewGuid():N}");
        var mine = new PlatformClient(http, session.Token);
        await mine.ChangePasswordAsync(company.Password, secrets["new password"], ct);
        await Assert.ThrowsAsync<PlatformApiException>(() => mine.ChangePasswordAsync(secrets["wrong password"], $"{secrets["new password"]}!", ct));
        await Assert.ThrowsAsync<PlatformApiException>(() => client.SignInAsync(company.Email, secrets["wrong password"], ct));
        var invitation = await mine.CreateInvitationAsync(new() { Email = $"{Guid.NewGuid():N}@example.com", Role = "viewer" }, ct);
        (secrets["invitation"], secrets["joiner's password"]) = (invitation.Token, $"joined-{Guid.NewGuid():N}");
        await client.LookupInvitationAsync(invitation.Token, ct);
        var joined = await client.AcceptInvitationAsync(new() { Token = invitation.Token, Name = "Kim", Password = secrets["joiner's password"] }, ct);
        secrets["joiner's session"] = joined.Token;
        await mine.RemoveUserAsync(joined.User.Id, ct);
        await Assert.ThrowsAsync<PlatformApiException>(() => new PlatformClient(http, joined.Token).GetCurrentSessionAsync(ct));
        using var misplaced = await http.GetAsync($"/api/v1/artifacts?startingAfter={session.Token}", ct);
        Assert.False(misplaced.IsSuccessStatusCode);
    }

    private async Task WalkKeysAsync(PlatformClient client, HttpClient http, TestCompany company, Dictionary<string, string> secrets)
    {
        var key = await client.CreateApiKeyAsync(new() { Name = "a", Scopes = ["artifacts:write"] }, ct);
        (secrets["made key"], secrets["rotated key"]) = (key.Key, (await client.RotateApiKeyAsync(key.Id, null, ct)).Key);
        (secrets["S3 secret"], secrets["S3 session token"]) = ($"secret-{Guid.NewGuid():N}", $"token-{Guid.NewGuid():N}");
        await client.PutS3CredentialsAsync(company.ApiKeyId, new() { AccessKeyId = "AK", SecretAccessKey = secrets["S3 secret"], SessionToken = secrets["S3 session token"], Region = "us-east-1", Endpoint = platform.StoreAddress.Endpoint.ToString() }, ct);
        await client.TestS3CredentialsAsync(company.ApiKeyId, "s3://bucket/key", ct);
        await Assert.ThrowsAsync<PlatformApiException>(() => new PlatformClient(http, $"{key.Key}x").ListArtifactsAsync(new(), ct));
        await client.RevokeApiKeyAsync(key.Id, ct);
    }

    private async Task<string> WalkFilesAsync(PlatformClient client, HttpClient http, Dictionary<string, string> secrets)
    {
        var upload = await client.CreateUploadAsync(new() { Name = "a.txt", Type = ArtifactType.Script }, ct);
        using (var plain = new HttpClient())
        using (var put = await plain.PutAsync(upload.PresignedUploadUrl, new StringContent("Hello.\n"), ct))
        {
            put.EnsureSuccessStatusCode();
        }

        await client.CompleteArtifactAsync(upload.ArtifactId, ct);
        await Eventually.TrueAsync(async () => (await client.GetArtifactAsync(upload.ArtifactId, ct)).Status == ArtifactStatus.UploadCompleted, () => platform.LogsAbout(upload.ArtifactId));
        (secrets["PUT's signature"], secrets["GET's signature"]) = (Signature(upload.PresignedUploadUrl), Signature((await client.GetDownloadUrlAsync(upload.ArtifactId, ct)).Url));
        // A job of this trace: that of an upload belongs to the store's notice.
        var place = await client.PresignTempUploadAsync("b.txt", ct);
        using (var plain = new HttpClient())
        using (var put = await plain.PutAsync(place.PresignedUploadUrl, new StringContent("Hello.\n"), ct))
        {
            put.EnsureSuccessStatusCode();
        }

        secrets["place's signature"] = Signature(place.PresignedUploadUrl);
        await client.CreateArtifactAsync(new() { Name = "b.txt", Type = ArtifactType.Script, S3Path = place.S3Path }, ct);
        var parts = await client.CreateUploadSessionAsync(new() { Filename = "a.mp4", MimeType = "video/mp4", FileSizeBytes = 1 }, ct);
        secrets["session's signature"] = Signature(parts.Url ?? "");
        var waiting = await client.CreateUploadAsync(new() { Name = "b.mp4", Type = ArtifactType.Video }, ct);
        var video = await client.CreateVideoAsync(new() { ArtifactId = waiting.ArtifactId, PlaybackPolicy = PlaybackPolicy.Signed }, ct);
        var key = await client.CreatePlaybackKeyAsync(ct);
        var token = PlaybackTests.Token(key, video.PlaybackIds[0].Id);
        using var played = await http.GetAsync($"/play/{video.PlaybackIds[0].Id}/master.m3u8?token={token}", ct);
        (secrets["playback token"], secrets["playback key"]) = (token, (key.PrivateKey ?? "").Split('\n')[1]);
        return upload.ArtifactId;
    }

    private static string Read(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private static string Signature(string url) => url[(url.IndexOf("X-Amz-Signature=", StringComparison.Ordinal) + 16)..].Split('&')[0];
}
