using System.Text.Json;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>Every way in, up to where the worker takes over.</summary>
public sealed class CreateArtifactTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v1/artifacts/create")]
    [InlineData("/api/v1/artifacts")]
    public async Task Without_a_source_the_answer_is_a_place_to_upload_to(string path)
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var response = await http.SendAsync("POST", path, """{"name":"source_video.mp4","type":"video"}""", ct);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(ct));
        var members = answer.RootElement.EnumerateObject().Select(p => p.Name);

        Assert.Equal(["artifactId", "presignedUploadUrl", "expiresAt"], members);
        Assert.Matches("^[0-9a-f]{24}$", answer.RootElement.GetProperty("artifactId").GetString());
        var minutes = (answer.RootElement.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).TotalMinutes;
        Assert.InRange(minutes, 14, 15.1);
    }

    [Fact]
    public async Task A_new_artifact_shows_every_field_of_the_contract()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "a.mov", Type = ArtifactType.Video, Metadata = JsonSerializer.SerializeToElement(new { a = 1 }) }, ct);
        using var http = company.CreateHttp();
        using var response = await http.GetAsync($"/api/v1/artifacts/{upload.ArtifactId}", ct);
        using var shown = JsonDocument.Parse(await response.Content.ReadAsStringAsync(ct));
        var artifact = shown.RootElement;

        string[] members = ["id", "name", "fileName", "type", "status", "uploadMethod", "size", "duration", "errorMessage", "errorCode", "s3Path", "s3Bucket", "createdAt", "updatedAt", "company", "createdBy", "progress", "contentType", "hash", "media", "timings", "metadata"];
        Assert.Empty(members.Except(artifact.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(("a.mov", "a.mov", "video", "created", "direct_url"), (Text("name"), Text("fileName"), Text("type"), Text("status"), Text("uploadMethod")));
        Assert.Equal($"uploads/{upload.ArtifactId}/source_video.mov", Text("s3Path"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", Text("createdAt"));
        Assert.All(new[] { "size", "duration", "errorMessage", "hash", "media" }, name => Assert.Equal(JsonValueKind.Null, artifact.GetProperty(name).ValueKind));
        Assert.Equal(company.CompanyId, artifact.GetProperty("company").GetProperty("id").GetString());
        Assert.Equal(company.UserId, artifact.GetProperty("createdBy").GetProperty("id").GetString());

        string? Text(string name) => artifact.GetProperty(name).GetString();
    }

    [Theory]
    [InlineData("My Project Video 😀 👨‍👩‍👧.mp4")]
    [InlineData("שלום עולם‏.mp4")]
    [InlineData("a\"b'c`d;e&f<g>.mp4")]
    [InlineData("../../etc/passwd")]
    [InlineData(@"C:\Users\me\video.mp4")]
    [InlineData(" spaced  out ")]
    [InlineData("100%_done\\.mp4")]
    [InlineData("name without extension")]
    public async Task A_name_is_kept_exactly_and_never_becomes_a_path(string name)
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = name, Type = ArtifactType.Video }, ct);
        var artifact = await company.Client.GetArtifactAsync(upload.ArtifactId, ct);
        var found = await company.Client.ListArtifactsAsync(new() { Search = name }, ct);

        Assert.Equal((name, name), (artifact.Name, artifact.FileName));
        Assert.Matches($"^uploads/{upload.ArtifactId}/source_video(\\.[a-z0-9]+)?$", artifact.S3Path);
        Assert.Equal(upload.ArtifactId, Assert.Single(found.Data).Id);
    }

    [Fact]
    public async Task A_name_of_255_characters_is_taken_and_one_of_256_is_not()
    {
        var company = await platform.NewCompanyAsync();
        var longest = new string('é', 251) + ".mp4";
        var upload = await company.Client.CreateUploadAsync(new() { Name = longest, Type = ArtifactType.Video }, ct);

        Assert.Equal(longest, (await company.Client.GetArtifactAsync(upload.ArtifactId, ct)).Name);
        Assert.Equal("name", (await company.RefusedAsync($$"""{"name":"{{new string('a', 256)}}","type":"video"}""", ct)).Param);
        // Characters, not the UTF-16 units that hold them.
        Assert.Equal("name", (await company.RefusedAsync($$"""{"name":"{{string.Concat(Enumerable.Repeat("😀", 256))}}","type":"video"}""", ct)).Param);
    }

    [Theory]
    [InlineData("""{"name":"a","type":"video","url":"https://a.example/","s3Path":"s3://bucket/key"}""", "source_conflict", "s3Path")]
    [InlineData("""{"name":"a","type":"video","url":"https://a.example/","fragments":[{"url":"https://a.example","startTime":0}]}""", "source_conflict", "fragments")]
    [InlineData("""{"name":"a","type":"script","fragments":[{"url":"https://a.example","startTime":0}]}""", "fragments_not_supported", "fragments")]
    [InlineData("""{"name":"a","type":"video","fragments":[{"startTime":0}]}""", "fragment_source_missing", "fragments[0]")]
    [InlineData("""{"name":"a","type":"video","fragments":[{"url":"https://a.example","s3Path":"s3://bucket/key","startTime":0}]}""", "source_conflict", "fragments[0].s3Path")]
    [InlineData("""{"name":"a","type":"video","fragments":[{"url":"https://a.example","startTime":0,"inPoint":2,"outPoint":2}]}""", "invalid_parameter", "fragments[0].outPoint")]
    [InlineData("""{"name":"a","type":"video","fragments":[{"url":"https://a.example","startTime":0},{"url":"http://10.0.0.1/","startTime":0}]}""", "forbidden_address", "fragments[1].url")]
    [InlineData("""{"name":"a","type":"video","url":""}""", "invalid_url", "url")]
    [InlineData("""{"name":"a","type":"video","url":"/relative"}""", "invalid_url", "url")]
    [InlineData("""{"name":"a","type":"video","url":"ftp://a.example/"}""", "invalid_url", "url")]
    [InlineData("""{"name":"a","type":"video","url":"file:///etc/passwd"}""", "invalid_url", "url")]
    [InlineData("""{"name":"a","type":"video","url":"https://user:secret@a.example/"}""", "invalid_url", "url")]
    [InlineData("""{"name":"a","type":"video","url":"http://169.254.169.254/latest/meta-data"}""", "forbidden_address", "url")]
    [InlineData("""{"name":"a","type":"video","url":"http://[::1]/"}""", "forbidden_address", "url")]
    [InlineData("""{"name":"a","type":"video","url":"http://[::ffff:192.168.1.1]/"}""", "forbidden_address", "url")]
    [InlineData("""{"name":"a","type":"video","url":"http://3232235777/"}""", "forbidden_address", "url")]
    [InlineData("""{"name":"a","type":"video","s3Path":"https://bucket/key"}""", "invalid_s3_path", "s3Path")]
    [InlineData("""{"name":"a","type":"video","s3Path":"s3://bucket"}""", "invalid_s3_path", "s3Path")]
    [InlineData("""{"name":"a","type":"video","s3Path":"s3://bucket/key"}""", "s3_credentials_required", "s3Path")]
    [InlineData("""{"name":"a","type":"video","s3Path":"s3://artifacts/uploads/x/y"}""", "s3_path_forbidden", "s3Path")]
    [InlineData("""{"name":"a","type":"video","s3Path":"s3://artifacts/temp/0b9f1c3e-6f0e-4c55-9d0c-4b8f1f1f2a6d/a.mp4"}""", "s3_path_not_found", "s3Path")]
    [InlineData("""{"name":"a","type":"video","metadata":[1]}""", "invalid_metadata", "metadata")]
    [InlineData("""{"name":"a","type":"video","metadata":{"a":"\u0000"}}""", "invalid_metadata", "metadata")]
    [InlineData("""{"name":"a","type":"video","metadata":{"a":{"b":["\ud800"]}}}""", "invalid_metadata", "metadata")]
    [InlineData("""{"name":"a","type":"video","metadata":{"a":1e999999}}""", "invalid_metadata", "metadata")]
    public async Task A_source_that_can_not_be_used_is_refused_and_named(string body, string code, string param)
    {
        var company = await platform.NewCompanyAsync();
        var error = await company.RefusedAsync(body, ct);

        Assert.Equal((code, param), (error.Code, error.Param));
        await using var db = platform.Database();
        Assert.Equal(0, await db.Artifacts.CountAsync(a => a.CompanyId == company.CompanyId, ct));
    }

    [Fact]
    public async Task Metadata_comes_back_as_it_was_and_may_be_16_kib_long()
    {
        var company = await platform.NewCompanyAsync();
        var metadata = JsonSerializer.SerializeToElement(new { text = "ä😀\"\\", number = 1.5, list = new object?[] { 1, null, true }, deep = new { a = new { b = 1 } }, filler = new string('x', 16_000) });
        var upload = await company.Client.CreateUploadAsync(new() { Name = "a", Type = ArtifactType.Audio, Metadata = metadata }, ct);
        var kept = (await company.Client.GetArtifactAsync(upload.ArtifactId, ct)).Metadata;

        Assert.True(JsonElement.DeepEquals(metadata, kept ?? default));
        Assert.Equal("metadata", (await company.RefusedAsync($$$"""{"name":"a","type":"audio","metadata":{"a":"{{{new string('x', 16 << 10)}}}"}}""", ct)).Param);
    }

    [Fact]
    public async Task With_a_source_the_answer_is_the_artifact_and_its_work_is_queued_with_it()
    {
        var company = await platform.NewCompanyAsync();
        var artifact = await company.Client.CreateArtifactAsync(new() { Name = "a", Type = ArtifactType.Video, Url = "https://media.invalid/a.mp4" }, ct);
        await using var db = platform.Database();

        Assert.Equal((ArtifactStatus.Created, UploadMethod.DirectUrl), (artifact.Status, artifact.UploadMethod));
        Assert.Equal(1, await db.Jobs.CountAsync(j => j.SubjectId == artifact.Id && j.Kind == "ingest", ct));
    }

    [Fact]
    public async Task Fragments_are_stored_in_the_order_of_the_array()
    {
        var company = await platform.NewCompanyAsync();
        var artifact = await company.Client.CreateArtifactAsync(
            new()
            {
                Name = "a",
                Type = ArtifactType.Audio,
                Fragments = [new() { Url = "https://media.invalid/1", StartTime = 5 }, new() { Url = "https://media.invalid/2", StartTime = 0, InPoint = 1, OutPoint = 2.5 }],
            },
            ct);
        await using var db = platform.Database();
        var rows = await db.Fragments.Where(f => f.ArtifactId == artifact.Id).OrderBy(f => f.Position).ToListAsync(ct);

        Assert.Equal(UploadMethod.Fragments, artifact.UploadMethod);
        Assert.Equal([(0, "https://media.invalid/1", 5, null, null), (1, "https://media.invalid/2", 0, 1, 2.5)], rows.Select(f => (f.Position, f.Url ?? "", f.StartTime, f.InPoint, f.OutPoint)));
    }

    [Fact]
    public async Task A_temporary_upload_serves_its_own_company_until_it_expires()
    {
        var company = await platform.NewCompanyAsync();
        var stranger = await platform.NewCompanyAsync();
        var place = await company.Client.PresignTempUploadAsync("my-video.mp4", ct);
        Assert.Matches(@"^s3://[^/]+/temp/[0-9a-f-]{36}/my-video\.mp4$", place.S3Path);
        Assert.InRange((place.ExpiresAt - TimeProvider.System.GetUtcNow()).TotalHours, 23.9, 24.1);
        var body = $$"""{"name":"a","type":"video","s3Path":"{{place.S3Path}}"}""";

        Assert.Equal("s3_path_not_found", (await stranger.RefusedAsync(body, ct)).Code);
        var artifact = await company.Client.CreateArtifactAsync(new() { Name = "a", Type = ArtifactType.Video, S3Path = place.S3Path }, ct);
        await using var db = platform.Database();
        Assert.Equal(ArtifactSource.TempUpload, await db.Artifacts.Where(a => a.Id == artifact.Id).Select(a => a.Source).SingleAsync(ct));

        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await db.TempUploads.Where(t => t.CompanyId == company.CompanyId).ExecuteUpdateAsync(set => set.SetProperty(t => t.ExpiresAt, past), ct);
        Assert.Equal("s3_path_not_found", (await company.RefusedAsync(body, ct)).Code);
    }

    [Fact]
    public async Task Another_bucket_needs_credentials_on_the_calling_key()
    {
        var company = await platform.NewCompanyAsync();
        await company.Client.PutS3CredentialsAsync(company.ApiKeyId, new() { AccessKeyId = "AK", SecretAccessKey = "SK", Region = "us-east-1", Endpoint = "https://s3.invalid" }, ct);
        var artifact = await company.Client.CreateArtifactAsync(new() { Name = "a", Type = ArtifactType.Video, S3Path = "s3://my-bucket/path to/видео.mp4" }, ct);
        await using var db = platform.Database();
        var row = await db.Artifacts.SingleAsync(a => a.Id == artifact.Id, ct);
        Assert.Equal((ArtifactSource.S3Path, "my-bucket", "path to/видео.mp4", company.ApiKeyId), (row.Source, row.SourceBucket, row.SourceKey, row.ApiKeyId));

        var other = await company.Client.CreateApiKeyAsync(new() { Name = "other", Scopes = ["artifacts:write"] }, ct);
        using var http = platform.CreateClient(other.Key);
        using var response = await http.SendAsync("POST", "/api/v1/artifacts", """{"name":"a","type":"video","s3Path":"s3://my-bucket/a.mp4"}""", ct);
        Assert.Equal("s3_credentials_required", (await response.ErrorAsync(System.Net.HttpStatusCode.BadRequest, ct)).Code);
    }
}
