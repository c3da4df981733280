using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Tests.Api;
using ArtifactPlatform.Tests.Ingest;

namespace ArtifactPlatform.Tests.Retention;

/// <summary>Artifacts that end by themselves.</summary>
public sealed class ExpiryTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_artifact_whose_time_is_over_is_deleted_with_its_event_and_its_files()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var url = server.AddFile("Hello.\n"u8.ToArray(), ".txt");
        var soon = await company.Client.CreateArtifactAsync(new() { Name = "soon.txt", Type = ArtifactType.Script, Url = url, ExpiresAt = In(TimeSpan.FromHours(1)) }, ct);
        var later = await company.Client.CreateArtifactAsync(new() { Name = "later.txt", Type = ArtifactType.Script, Url = url, ExpiresAt = In(TimeSpan.FromHours(1)) }, ct);
        await Task.WhenAll(company.CompletedAsync(soon.Id), company.CompletedAsync(later.Id));

        await company.Client.PatchArtifactAsync(soon.Id, new() { ExpiresAt = In(TimeSpan.FromSeconds(5)) }, ct);
        await Eventually.TrueAsync(async () => !(await company.Client.ListArtifactsAsync(new(), ct)).Data.Any(a => a.Id == soon.Id), () => $"{soon.Id} to expire\n{platform.LogsAbout(soon.Id)}");

        await platform.ObjectCountAsync($"uploads/{soon.Id}/", 0);
        var told = Assert.Single((await company.Client.ListEventsAsync(null, [EventTypes.ArtifactDeleted], null, ct)).Data);
        Assert.Equal(soon.Id, told.Data.Object.GetProperty("id").GetString());
        Assert.Equal(new AuditActor(AuditActorType.Platform, "expires_at", null), Assert.Single((await company.Client.ListAuditLogAsync(null, soon.Id, null, null, ct)).Data).Actor);
        Assert.Equal(later.Id, Assert.Single((await company.Client.ListArtifactsAsync(new(), ct)).Data).Id);
    }

    [Fact]
    public async Task Expiry_is_set_kept_moved_and_taken_away()
    {
        var company = await platform.NewCompanyAsync();
        var tomorrow = In(TimeSpan.FromDays(1));
        var upload = await company.Client.CreateUploadAsync(new() { Name = "a.txt", Type = ArtifactType.Script, ExpiresAt = tomorrow }, ct);
        // In the answer of an upload it is the URL's; the artifact's own stands on the artifact.
        Assert.True(upload.ExpiresAt < In(TimeSpan.FromMinutes(16)));
        Assert.Equal(tomorrow.ToUnixTimeMilliseconds(), (await company.Client.GetArtifactAsync(upload.ArtifactId, ct)).ExpiresAt?.ToUnixTimeMilliseconds());

        var renamed = await company.Client.PatchArtifactAsync(upload.ArtifactId, new() { Name = "b.txt" }, ct);
        Assert.Equal(tomorrow.ToUnixTimeMilliseconds(), renamed.ExpiresAt?.ToUnixTimeMilliseconds());
        var moved = await company.Client.PatchArtifactAsync(upload.ArtifactId, new() { ExpiresAt = tomorrow.AddDays(1) }, ct);
        Assert.Equal(tomorrow.AddDays(1).ToUnixTimeMilliseconds(), moved.ExpiresAt?.ToUnixTimeMilliseconds());
        var kept = await company.Client.KeepArtifactAsync(upload.ArtifactId, ct);
        Assert.Equal((null, "b.txt"), (kept.ExpiresAt, kept.Name));
    }

    [Theory]
    [InlineData("POST", """{"name":"a","type":"script","expiresAt":"2020-01-01T00:00:00Z"}""")]
    [InlineData("POST", """{"name":"a","type":"script","expiresAt":"soon"}""")]
    [InlineData("PATCH", """{"expiresAt":"2020-01-01T00:00:00Z"}""")]
    [InlineData("PATCH", """{"expiresAt":5}""")]
    public async Task An_expiry_that_is_past_or_no_time_is_refused(string method, string body)
    {
        var company = await platform.NewCompanyAsync();
        var artifact = await company.Client.CreateUploadAsync(new() { Name = "a.txt", Type = ArtifactType.Script }, ct);
        using var http = company.CreateHttp();
        using var response = await http.SendAsync(method, method == "POST" ? "/api/v1/artifacts" : $"/api/v1/artifacts/{artifact.ArtifactId}", body, ct);

        Assert.Equal("expiresAt", (await response.ErrorAsync(HttpStatusCode.BadRequest, ct)).Param);
    }

    private static DateTimeOffset In(TimeSpan time) => TimeProvider.System.GetUtcNow() + time;
}
