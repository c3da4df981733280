using System.Net;
using System.Text;
using System.Text.Json;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Queue;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>What can be done with an artifact that is there.</summary>
public sealed class ArtifactRouteTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Name_and_metadata_can_be_changed_each_by_itself()
    {
        var company = await platform.NewCompanyAsync();
        var id = (await company.Client.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video, Metadata = JsonSerializer.SerializeToElement(new { a = 1 }) }, ct)).ArtifactId;

        var renamed = await company.Client.PatchArtifactAsync(id, new() { Name = "b 😀.mp4" }, ct);
        Assert.Equal(("b 😀.mp4", "b 😀.mp4", 1), (renamed.Name, renamed.FileName, renamed.Metadata?.GetProperty("a").GetInt32()));
        Assert.True(renamed.UpdatedAt > renamed.CreatedAt);

        var described = await company.Client.PatchArtifactAsync(id, new() { Metadata = JsonSerializer.SerializeToElement(new { b = 2 }) }, ct);
        Assert.Equal("""b 😀.mp4 {"b":2}""", $"{described.Name} {JsonSerializer.Serialize(described.Metadata)}");

        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.PatchArtifactAsync(id, new() { Name = "" }, ct));
        Assert.Equal((HttpStatusCode.BadRequest, "name"), (e.Status, e.Error.Param));
    }

    [Fact]
    public async Task Complete_before_the_file_has_arrived_is_a_conflict()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct);
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.CompleteArtifactAsync(upload.ArtifactId, ct));

        Assert.Equal((HttpStatusCode.Conflict, "upload_missing"), (e.Status, e.Error.Code));
    }

    [Fact]
    public async Task An_artifact_from_elsewhere_has_no_upload_to_complete()
    {
        var company = await platform.NewCompanyAsync();
        var artifact = await company.Client.CreateArtifactAsync(new() { Name = "a", Type = ArtifactType.Video, Url = "https://media.invalid/a.mp4" }, ct);
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.CompleteArtifactAsync(artifact.Id, ct));

        Assert.Equal((HttpStatusCode.Conflict, "not_an_upload"), (e.Status, e.Error.Code));
    }

    [Fact]
    public async Task Only_a_failed_artifact_can_be_retried_and_it_begins_anew_at_another_place()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct);
        var id = upload.ArtifactId;
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.RetryArtifactAsync(id, ct));
        Assert.Equal((HttpStatusCode.Conflict, "not_failed"), (e.Status, e.Error.Code));

        using (var plain = new HttpClient())
        {
            (await plain.PutAsync(upload.PresignedUploadUrl, new StringContent("This is no video."), ct)).EnsureSuccessStatusCode();
        }

        await company.FailedAsync(id, "not_media");
        // Eight at once: one begins anew, the others come too late, or begin the attempt after that one, which fails at once.
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryAsync(() => company.Client.RetryArtifactAsync(id, ct))));
        var begun = tries.OfType<ArtifactObject>().OrderBy(a => a.S3Path, StringComparer.Ordinal).ToList();
        Assert.Equal(Enumerable.Range(2, begun.Count).Select(attempt => $"uploads/{id}/{attempt}/source_video.mp4"), begun.Select(a => a.S3Path));
        var again = begun[0];

        Assert.Equal((ArtifactStatus.Created, 0, null, null), (again.Status, again.Progress, again.ErrorCode, again.ErrorMessage));
        Assert.Equal(new ArtifactTimings(), again.Timings);
        await using var db = platform.Database();
        // Beginning anew takes the place of a job that failed and is not closed yet; the first one's was closed or not.
        Assert.InRange(await db.Jobs.CountAsync(j => j.SubjectId == id && j.Kind == JobKinds.Ingest, ct), 1, begun.Count + 1);
    }

    [Fact]
    public async Task An_artifact_that_is_not_finished_can_not_be_downloaded()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct);
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.GetDownloadUrlAsync(upload.ArtifactId, ct));

        Assert.Equal((HttpStatusCode.Conflict, "not_completed"), (e.Status, e.Error.Code));
    }

    [Fact]
    public async Task A_download_leads_to_the_file_under_its_own_name()
    {
        var company = await platform.NewCompanyAsync();
        const string name = "текст \"1\"/😀.txt";
        var upload = await company.Client.CreateUploadAsync(new() { Name = name, Type = ArtifactType.Script }, ct);
        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using (var put = await plain.PutAsync(upload.PresignedUploadUrl, new StringContent("Hello, world.\n"), ct))
        {
            put.EnsureSuccessStatusCode();
        }

        await company.CompletedAsync(upload.ArtifactId);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(platform.ApiUrl, $"/api/v1/artifacts/{upload.ArtifactId}/download"));
        request.Headers.Authorization = new("Bearer", company.ApiKey);
        using var redirect = await plain.SendAsync(request, ct);
        Assert.Equal(HttpStatusCode.Redirect, redirect.StatusCode);

        foreach (var url in new[] { redirect.Headers.Location?.AbsoluteUri, (await company.Client.GetDownloadUrlAsync(upload.ArtifactId, ct)).Url })
        {
            using var file = await plain.GetAsync(url, ct);
            Assert.Equal("Hello, world.\n", await file.Content.ReadAsStringAsync(ct));
            Assert.Equal(name, file.Content.Headers.ContentDisposition?.FileNameStar);
        }
    }

    [Fact]
    public async Task A_deleted_artifact_is_gone_with_its_work_and_everything_stored()
    {
        var company = await platform.NewCompanyAsync();
        var place = await company.Client.PresignTempUploadAsync("a.txt", ct);
        using var plain = new HttpClient();
        using (var put = await plain.PutAsync(place.PresignedUploadUrl, new StringContent("Hello.\n"), ct))
        {
            put.EnsureSuccessStatusCode();
        }

        var artifact = await company.Client.CreateArtifactAsync(new() { Name = "a.txt", Type = ArtifactType.Script, S3Path = place.S3Path }, ct);
        await company.CompletedAsync(artifact.Id);
        // Two at once: one deletes, the other finds nothing.
        var deletes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => TryAsync<object>(async () =>
        {
            await company.Client.DeleteArtifactAsync(artifact.Id, ct);
            return "deleted";
        })));
        Assert.Single(deletes.OfType<string>());

        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.GetArtifactAsync(artifact.Id, ct));
        Assert.Equal((HttpStatusCode.NotFound, "artifact_not_found"), (e.Status, e.Error.Code));
        Assert.Equal("artifact.deleted", (await company.Client.ListEventsAsync(null, null, null, ct)).Data[^1].Type);
        await Eventually.TrueAsync(async () => (await platform.ObjectsAsync($"uploads/{artifact.Id}/")).Count == 0, () => "the stored file to go");
        var temp = place.S3Path.Split('/', 4)[3];
        await Eventually.TrueAsync(async () => (await platform.ObjectsAsync(temp)).Count == 0, () => "the temporary upload to go");
    }

    [Fact]
    public async Task Deleting_an_artifact_leaves_a_temporary_upload_that_another_one_uses()
    {
        var company = await platform.NewCompanyAsync();
        var place = await company.Client.PresignTempUploadAsync("a.txt", ct);
        var first = await company.Client.CreateArtifactAsync(new() { Name = "1", Type = ArtifactType.Script, S3Path = place.S3Path }, ct);
        await company.Client.CreateArtifactAsync(new() { Name = "2", Type = ArtifactType.Script, S3Path = place.S3Path }, ct);

        await company.Client.DeleteArtifactAsync(first.Id, ct);

        await using var db = platform.Database();
        Assert.Equal(1, await db.TempUploads.CountAsync(t => t.CompanyId == company.CompanyId, ct));
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task Notifications_of_the_store_need_their_token(string token)
    {
        using var http = platform.CreateClient();
        using var body = new StringContent("""{"Records":[]}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync($"/internal/s3-events?token={token}", body, ct);

        Assert.Equal("token_unknown", (await response.ErrorAsync(HttpStatusCode.Unauthorized, ct)).Code);
    }

    private static async Task<object> TryAsync<T>(Func<Task<T>> call) where T : notnull
    {
        try
        {
            return await call();
        }
        catch (PlatformApiException e)
        {
            return e;
        }
    }
}
