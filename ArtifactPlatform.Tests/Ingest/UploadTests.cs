using System.Net;
using System.Security.Cryptography;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Ingest;

public sealed class UploadTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private static readonly HttpClient Http = new();

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_presigned_put_is_noticed_within_two_seconds_by_itself()
    {
        var delay = await NoticedAfterAsync();
        // A machine that is busy elsewhere can make one of them late, but not each.
        for (var more = 0; more < 2 && delay > TimeSpan.FromSeconds(2); more++)
        {
            delay = await NoticedAfterAsync();
        }

        Assert.InRange(delay.TotalSeconds, -2, 2);

        async Task<TimeSpan> NoticedAfterAsync()
        {
            var company = await platform.NewCompanyAsync();
            var content = WavFile.Of(200_000);
            var upload = await company.Client.CreateUploadAsync(new() { Name = "tone.wav", Type = ArtifactType.Audio }, ct);
            Assert.Matches("^[0-9a-f]{24}$", upload.ArtifactId);

            await PutAsync(upload.PresignedUploadUrl, content);
            var put = TimeProvider.System.GetUtcNow();
            var done = await company.CompletedAsync(upload.ArtifactId);

            Assert.Equal(content.Length, done.Size);
            Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}", done.Hash);
            Assert.Equal("audio/wav", done.ContentType);
            await using var db = platform.Database();
            return (await db.Artifacts.Where(a => a.Id == upload.ArtifactId).Select(a => a.UploadedAt).SingleAsync(ct) - put) ?? TimeSpan.MaxValue;
        }
    }

    [Fact]
    public async Task Saying_complete_twice_queues_one_job()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "tone.wav", Type = ArtifactType.Audio }, ct);
        await PutAsync(upload.PresignedUploadUrl, WavFile.Of(50_000));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => company.Client.CompleteArtifactAsync(upload.ArtifactId, ct)));
        await company.CompletedAsync(upload.ArtifactId);
        var again = await company.Client.CompleteArtifactAsync(upload.ArtifactId, ct);

        Assert.Equal(ArtifactStatus.UploadCompleted, again.Status);
        await using var db = platform.Database();
        Assert.Equal(1, await db.Jobs.CountAsync(j => j.SubjectId == upload.ArtifactId, ct));
    }

    [Fact]
    public async Task A_second_put_to_the_same_url_does_not_change_what_was_checked()
    {
        var company = await platform.NewCompanyAsync();
        var content = WavFile.Of(60_000, seed: 1);
        var upload = await company.Client.CreateUploadAsync(new() { Name = "tone.wav", Type = ArtifactType.Audio }, ct);
        await PutAsync(upload.PresignedUploadUrl, content);
        await company.CompletedAsync(upload.ArtifactId);

        await PutAsync(upload.PresignedUploadUrl, WavFile.Of(60_000, seed: 2));

        Assert.Equal(content, await UrlTests.DownloadAsync(company, upload.ArtifactId));
    }

    [Fact]
    public async Task A_finished_upload_leaves_nothing_in_the_upload_area()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "tone.wav", Type = ArtifactType.Audio }, ct);
        await PutAsync(upload.PresignedUploadUrl, WavFile.Of(60_000));
        await company.CompletedAsync(upload.ArtifactId);

        await Eventually.TrueAsync(async () => (await platform.ObjectsAsync($"incoming/{upload.ArtifactId}/")).Count == 0, () => "the uploaded copy to go");
        Assert.Single(await platform.ObjectsAsync($"uploads/{upload.ArtifactId}/"));
    }

    [Fact]
    public async Task An_upload_that_never_comes_fails_with_the_reason()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "late.mp4", Type = ArtifactType.Video }, ct);
        await using (var db = platform.Database())
        {
            var longAgo = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1);
            await db.Artifacts.Where(a => a.Id == upload.ArtifactId).ExecuteUpdateAsync(set => set.SetProperty(a => a.UploadExpiresAt, longAgo), ct);
        }

        var failed = await company.FailedAsync(upload.ArtifactId, "upload_expired");

        Assert.Contains("expired", failed.ErrorMessage);
        var refused = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.RetryArtifactAsync(upload.ArtifactId, ct));
        Assert.Equal((HttpStatusCode.Conflict, "upload_missing"), (refused.Status, refused.Error.Code));
    }

    [Fact]
    public async Task A_place_that_nothing_was_uploaded_to_can_be_filled_and_the_artifact_retried()
    {
        var company = await platform.NewCompanyAsync();
        var place = await company.Client.PresignTempUploadAsync("tone.wav", ct);
        var created = await company.Client.CreateArtifactAsync(new() { Name = "tone.wav", Type = ArtifactType.Audio, S3Path = place.S3Path }, ct);
        var failed = await company.FailedAsync(created.Id, "upload_missing");
        Assert.Contains("then retry", failed.ErrorMessage);

        await PutAsync(place.PresignedUploadUrl, WavFile.Of(60_000));
        await company.Client.RetryArtifactAsync(created.Id, ct);

        await company.CompletedAsync(created.Id);
    }

    [Fact]
    public async Task The_two_step_presign_makes_an_artifact_from_its_path()
    {
        var company = await platform.NewCompanyAsync();
        var content = WavFile.Of(70_000);
        var place = await company.Client.PresignTempUploadAsync("my tone.wav", ct);
        Assert.Matches(@"^s3://[^/]+/temp/[0-9a-f-]{36}/my-tone\.wav$", place.S3Path);
        await PutAsync(place.PresignedUploadUrl, content);

        var created = await company.Client.CreateArtifactAsync(new() { Name = "my tone.wav", Type = ArtifactType.Audio, S3Path = place.S3Path }, ct);
        var done = await company.CompletedAsync(created.Id);

        Assert.Equal(content.Length, done.Size);
        Assert.Equal(content, await UrlTests.DownloadAsync(company, done.Id));
    }

    [Fact]
    public async Task A_path_of_another_company_is_as_unknown_as_one_that_never_was()
    {
        var (mine, theirs) = (await platform.NewCompanyAsync(), await platform.NewCompanyAsync());
        var place = await theirs.Client.PresignTempUploadAsync("secret.wav", ct);
        await PutAsync(place.PresignedUploadUrl, WavFile.Of(1000));

        var foreign = await Assert.ThrowsAsync<PlatformApiException>(() => mine.Client.CreateArtifactAsync(new() { Name = "a.wav", Type = ArtifactType.Audio, S3Path = place.S3Path }, ct));
        var unknown = await Assert.ThrowsAsync<PlatformApiException>(() => mine.Client.CreateArtifactAsync(new() { Name = "a.wav", Type = ArtifactType.Audio, S3Path = $"s3://{place.S3Path.Split('/')[2]}/temp/{Guid.NewGuid()}/secret.wav" }, ct));

        Assert.Equal(HttpStatusCode.BadRequest, foreign.Status);
        Assert.Equal(unknown.Error.Code, foreign.Error.Code);
        Assert.Equal("s3Path", foreign.Error.Param);
    }

    [Fact]
    public async Task Another_artifacts_stored_file_is_no_source()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "tone.wav", Type = ArtifactType.Audio }, ct);
        await PutAsync(upload.PresignedUploadUrl, WavFile.Of(60_000));
        var done = await company.CompletedAsync(upload.ArtifactId);

        var refused = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.CreateArtifactAsync(new() { Name = "a.wav", Type = ArtifactType.Audio, S3Path = $"s3://{done.S3Bucket}/{done.S3Path}" }, ct));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
    }

    [Fact]
    public async Task A_failed_upload_can_be_retried_and_fails_again_for_the_same_reason()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "page.mp4", Type = ArtifactType.Video }, ct);
        await PutAsync(upload.PresignedUploadUrl, "<!doctype html><html><body>404</body></html>"u8.ToArray());
        var failed = await company.FailedAsync(upload.ArtifactId, "html_page");
        Assert.DoesNotContain("address", failed.ErrorMessage, StringComparison.OrdinalIgnoreCase);

        var retried = await company.Client.RetryArtifactAsync(upload.ArtifactId, ct);

        Assert.Equal(ArtifactStatus.Created, retried.Status);
        Assert.Null(retried.ErrorCode);
        await company.FailedAsync(upload.ArtifactId, "html_page");
        await Eventually.TrueAsync(async () => (await platform.ObjectsAsync(ObjectKeys.ArtifactPrefix(upload.ArtifactId))).Count == 0, () => "the refused file to go");
    }

    [Theory]
    [InlineData("plain.wav")]
    [InlineData("two words and 'quotes' \"double\".wav")]
    [InlineData("📼 emoji – dash.wav")]
    [InlineData("שלום עולם.wav")]
    [InlineData("../../etc/passwd")]
    [InlineData("..\\..\\windows\\system.ini")]
    [InlineData("a/b/c.wav")]
    [InlineData("..")]
    [InlineData(".wav")]
    public async Task Any_name_is_kept_as_a_name_and_never_becomes_a_path(string name)
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = name, Type = ArtifactType.Audio }, ct);
        await PutAsync(upload.PresignedUploadUrl, WavFile.Of(20_000));

        var done = await company.CompletedAsync(upload.ArtifactId);

        Assert.Equal(name, done.Name);
        Assert.Matches($"^uploads/{done.Id}/source_audio(\\.[a-z0-9]{{1,8}})?$", done.S3Path);
        var link = await company.Client.GetDownloadUrlAsync(done.Id, ct);
        using var response = await Http.GetAsync(new Uri(link.Url), HttpCompletionOption.ResponseHeadersRead, ct);
        Assert.Equal(name, response.Content.Headers.ContentDisposition?.FileNameStar);
    }

    [Theory]
    [InlineData("n")]
    [InlineData("😀")]
    public async Task A_name_of_255_characters_is_kept(string character)
    {
        var company = await platform.NewCompanyAsync();
        var name = string.Concat(Enumerable.Repeat(character, 251)) + ".wav";
        var upload = await company.Client.CreateUploadAsync(new() { Name = name, Type = ArtifactType.Audio }, ct);
        await PutAsync(upload.PresignedUploadUrl, WavFile.Of(20_000));

        Assert.Equal(name, (await company.CompletedAsync(upload.ArtifactId)).Name);
        using var http = company.CreateHttp();
        using var response = await http.GetAsync($"/api/v1/artifacts/{upload.ArtifactId}/download", ct);
        Assert.Equal((HttpStatusCode.OK, name), (response.StatusCode, response.Content.Headers.ContentDisposition?.FileNameStar));
    }

    internal static async Task PutAsync(string url, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        using var response = await Http.PutAsync(new Uri(url), body, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }
}
