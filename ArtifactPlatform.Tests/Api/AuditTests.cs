using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Audit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ArtifactPlatform.Tests.Api;

/// <summary>Who did what can be read, and not be undone.</summary>
public sealed class AuditTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_credentials_and_deletions_are_written_with_who_did_them()
    {
        var company = await platform.NewCompanyAsync();
        var session = await company.Client.SignInAsync(company.Email, company.Password, ct);
        var dashboard = new PlatformClient(platform.CreateClient(), session.Token);
        var key = await dashboard.CreateApiKeyAsync(new() { Name = "CI", Scopes = ["artifacts:read"] }, ct);
        await company.Client.RotateApiKeyAsync(key.Id, null, ct);
        await company.Client.PutS3CredentialsAsync(key.Id, new() { AccessKeyId = "AK", SecretAccessKey = "the-secret-part", Region = "us-east-1" }, ct);
        await company.Client.DeleteS3CredentialsAsync(key.Id, ct);
        await company.Client.RevokeApiKeyAsync(key.Id, ct);
        await company.Client.RevokeApiKeyAsync(key.Id, ct);
        var artifact = await company.Client.CreateUploadAsync(new() { Name = "mine.mp4", Type = ArtifactType.Video }, ct);
        var video = await company.Client.CreateVideoAsync(new() { ArtifactId = artifact.ArtifactId, Title = "Film" }, ct);
        await company.Client.DeleteVideoAsync(video.Id, ct);
        await company.Client.DeleteArtifactAsync(artifact.ArtifactId, ct);

        var log = (await company.Client.ListAuditLogAsync(null, null, 100, null, ct)).Data.Reverse().ToList();

        Assert.Equal(
            ["api_key.created", "api_key.rotated", "s3_credentials.attached", "s3_credentials.removed", "api_key.revoked", "video.deleted", "artifact.deleted"],
            log.Select(e => e.Action));
        Assert.Equal(new AuditActor(AuditActorType.User, company.UserId, "Test Owner"), log[0].Actor);
        Assert.All(log.Skip(1), e => Assert.Equal(new AuditActor(AuditActorType.ApiKey, company.ApiKeyId, "tests"), e.Actor));
        Assert.Equal([key.Id, video.Id, artifact.ArtifactId], log.Select(e => e.SubjectId).Distinct());
        Assert.Equal(("CI", "Film", "mine.mp4"), (log[0].Details.GetProperty("name").GetString(), log[5].Details.GetProperty("title").GetString(), log[6].Details.GetProperty("name").GetString()));
        Assert.All(log, e => Assert.StartsWith("req_", e.RequestId, StringComparison.Ordinal));
        Assert.All(log, e => Assert.DoesNotContain("the-secret-part", e.Details.GetRawText(), StringComparison.Ordinal));
        Assert.DoesNotContain(log, e => e.Details.GetRawText().Contains(key.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_filtered_paged_and_seen_by_its_company_alone()
    {
        var (company, other) = (await platform.NewCompanyAsync(), await platform.NewCompanyAsync());
        var keys = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            keys.Add((await company.Client.CreateApiKeyAsync(new() { Name = $"{i}", Scopes = ["admin"] }, ct)).Id);
        }

        await company.Client.RevokeApiKeyAsync(keys[1], ct);
        var first = await company.Client.ListAuditLogAsync("api_key.created", null, 2, null, ct);
        var second = await company.Client.ListAuditLogAsync("api_key.created", null, 2, first.NextCursor, ct);

        Assert.Equal([keys[2], keys[1], keys[0]], first.Data.Concat(second.Data).Select(e => e.SubjectId));
        Assert.Equal((true, false), (first.HasMore, second.HasMore));
        Assert.Equal(["api_key.revoked", "api_key.created"], (await company.Client.ListAuditLogAsync(null, keys[1], null, null, ct)).Data.Select(e => e.Action));
        Assert.Empty((await other.Client.ListAuditLogAsync(null, null, null, null, ct)).Data);
        Assert.Equal("invalid_cursor", (await Assert.ThrowsAsync<PlatformApiException>(() => other.Client.ListAuditLogAsync(null, null, null, first.NextCursor, ct))).Error.Code);
    }

    [Fact]
    public async Task The_database_itself_refuses_to_change_it()
    {
        var company = await platform.NewCompanyAsync();
        await company.Client.CreateApiKeyAsync(new() { Name = "a", Scopes = ["admin"] }, ct);
        await using var db = platform.Database();
        var mine = db.AuditLog.Where(e => e.CompanyId == company.CompanyId);

        await RefusedAsync(() => mine.ExecuteDeleteAsync(ct));
        await RefusedAsync(() => mine.ExecuteUpdateAsync(set => set.SetProperty(e => e.Action, "nothing"), ct));
        await RefusedAsync(() => db.Database.ExecuteSqlRawAsync("truncate audit_log", ct));
        Assert.Equal("api_key.created", (await mine.SingleAsync(ct)).Action);

        static async Task RefusedAsync(Func<Task> change) => Assert.Contains("append-only", (await Assert.ThrowsAsync<PostgresException>(change)).MessageText, StringComparison.Ordinal);
    }
}
