using System.Net;
using System.Net.Http.Headers;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Tests.Media;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Uploads;

/// <summary>Sessions from creating to finalize, on the real store.</summary>
public sealed class UploadSessionTests(Platform platform) : IClassFixture<StartedPlatform>, IDisposable
{
    /// <summary>Just above the border: 6 parts, the last one short.</summary>
    private const long MultipartBytes = 100_000_001;

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;
    private readonly HttpClient store = new();

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task A_small_file_goes_with_one_put_and_becomes_artifact_and_video()
    {
        var company = await platform.NewCompanyAsync();
        var content = await File.ReadAllBytesAsync(await TestMedia.Mp4Async(), ct);
        var upload = await OpenAsync(company, content.Length);
        Assert.Equal((UploadTransport.Single, UploadStatus.Created), (upload.Method, upload.Status));
        await PutAsync(upload.Url!, content);

        var video = await company.Client.FinalizeUploadAsync(upload.Id, Final(content.Length), ct);

        Assert.Equal((VideoStatus.Preparing, IngestKind.DirectUpload, "A title"), (video.Status, video.Ingest.Kind, video.Title));
        var artifact = await company.CompletedAsync(video.ArtifactId!);
        Assert.Equal(content.Length, artifact.Size);
        var after = await company.Client.GetUploadSessionAsync(upload.Id, ct);
        Assert.Equal((UploadStatus.Completed, video.Id, artifact.Id), (after.Status, after.VideoId, after.ArtifactId));
        var events = await company.Client.ListEventsAsync(null, null, 1000, ct);
        Assert.Single(events.Data, e => e.Type == "upload.created");
        Assert.Single(events.Data, e => e.Type == "upload.completed");
        Assert.Single(events.Data, e => e.Type == "video.created");
    }

    [Fact]
    public async Task A_large_file_resumes_anywhere_from_what_the_store_has()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await OpenAsync(company, MultipartBytes, "audio/wav", "long.wav");
        var content = Ingest.WavFile.Of((int)MultipartBytes);
        Assert.Equal((UploadTransport.Multipart, 6, 16L << 20), (upload.Method, upload.PartCount, upload.PartSizeBytes));
        Assert.Equal(Enumerable.Range(1, 6), upload.Parts!.Select(p => p.PartNumber));
        await PutPartsAsync(upload, upload.Parts!.Where(p => p.PartNumber is 2 or 6), content);

        // One that was cut short is no part of the file.
        await PutAsync(upload.Parts!.Single(p => p.PartNumber == 4).Url, content[..(5 << 20)]);

        // Another device knows nothing but the id.
        var resumed = await company.Client.GetUploadSessionAsync(upload.Id, ct);
        Assert.Equal([2, 6], resumed.UploadedParts!.Select(p => p.PartNumber));
        Assert.Equal([1, 3, 4, 5], resumed.MissingParts!.Select(p => p.PartNumber));
        await PutPartsAsync(upload, resumed.MissingParts!, content);
        var video = await company.Client.FinalizeUploadAsync(
            upload.Id, Final(MultipartBytes, "audio/wav") with { UploadId = "wrong", Parts = [new() { PartNumber = 1, Etag = "\"wrong\"" }] }, ct);

        var artifact = await company.CompletedAsync(video.ArtifactId!);
        Assert.Equal(MultipartBytes, artifact.Size);
        Assert.Equal($"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))}", artifact.Hash);
    }

    [Fact]
    public async Task Finalizing_again_and_at_once_returns_the_one_video()
    {
        var company = await platform.NewCompanyAsync();
        var content = await File.ReadAllBytesAsync(await TestMedia.Mp4Async(), ct);
        var upload = await OpenAsync(company, content.Length);
        await PutAsync(upload.Url!, content);

        var videos = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => company.Client.FinalizeUploadAsync(upload.Id, Final(content.Length), ct)));
        var again = await company.Client.FinalizeUploadAsync(upload.Id, Final(content.Length), ct);

        Assert.All(videos, v => Assert.Equal(again.Id, v.Id));
        Assert.Single((await company.Client.ListVideosAsync(null, null, null, null, ct)).Data);
        await company.CompletedAsync(again.ArtifactId!);
        // Those that lost left no copy behind.
        await platform.ObjectCountAsync($"uploads/{again.ArtifactId}/", 1);
    }

    [Fact]
    public async Task Multipart_finalized_by_many_at_once_and_after_the_store_joined_it_is_one_video()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await OpenAsync(company, MultipartBytes, "audio/wav", "long.wav");
        var content = Ingest.WavFile.Of((int)MultipartBytes, seed: 9);
        await PutPartsAsync(upload, upload.Parts!, content);
        // As a call that died right behind the store's answer: parts are joined, and the session knows nothing of it.
        await using (var db = platform.Database())
        {
            var row = await db.Uploads.AsNoTracking().SingleAsync(u => u.Id == upload.Id, ct);
            var parts = new MultipartUploads(platform.Store);
            await parts.CompleteAsync(row.S3Key, row.S3UploadId!, (await parts.ListAsync(row.S3Key, row.S3UploadId!, ct))!, ct);
            Assert.Null(await parts.ListAsync(row.S3Key, row.S3UploadId!, ct));
        }

        var videos = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => company.Client.FinalizeUploadAsync(upload.Id, Final(MultipartBytes, "audio/wav"), ct)));

        Assert.Single(videos.Select(v => v.Id).Distinct());
        Assert.Equal(MultipartBytes, (await company.CompletedAsync(videos[0].ArtifactId!)).Size);
    }

    [Fact]
    public async Task What_is_missing_or_wrong_is_named()
    {
        var company = await platform.NewCompanyAsync();
        var single = await OpenAsync(company, 1000);
        await RefusedAsync("file_missing", null, () => company.Client.FinalizeUploadAsync(single.Id, Final(1000), ct));
        await RefusedAsync("size_mismatch", "file_size_bytes", () => company.Client.FinalizeUploadAsync(single.Id, Final(999), ct));
        await RefusedAsync("type_mismatch", "mime_type", () => company.Client.FinalizeUploadAsync(single.Id, Final(1000, "video/webm"), ct));
        await RefusedAsync("invalid_parameter", "mime_type", () => company.Client.FinalizeUploadAsync(single.Id, Final(1000, "text/html"), ct));
        await PutAsync(single.Url!, new byte[999]);
        await RefusedAsync("size_mismatch", "file_size_bytes", () => company.Client.FinalizeUploadAsync(single.Id, Final(1000), ct));

        var multi = await OpenAsync(company, MultipartBytes);
        var content = new byte[MultipartBytes];
        await PutPartsAsync(multi, multi.Parts!.Where(p => p.PartNumber != 3), content);
        await RefusedAsync("part_missing", "parts[3]", () => company.Client.FinalizeUploadAsync(multi.Id, Final(MultipartBytes), ct));
        await PutAsync(multi.Parts![2].Url, new byte[6 << 20]);
        await RefusedAsync("part_size_mismatch", "parts[3]", () => company.Client.FinalizeUploadAsync(multi.Id, Final(MultipartBytes), ct));
        await company.Client.AbortUploadAsync(multi.Id, ct);
    }

    [Fact]
    public async Task Wrong_creations_are_refused_by_field()
    {
        var company = await platform.NewCompanyAsync();
        await RefusedAsync("invalid_parameter", "mime_type", () => company.Client.CreateUploadSessionAsync(Request(1000) with { MimeType = "application/pdf" }, ct));
        await RefusedAsync("invalid_parameter", "file_size_bytes", () => company.Client.CreateUploadSessionAsync(Request(0), ct));
        await RefusedAsync("invalid_parameter", "filename", () => company.Client.CreateUploadSessionAsync(Request(1) with { Filename = null }, ct));
        await RefusedAsync("invalid_parameter", "tags", () => company.Client.CreateUploadSessionAsync(Request(1) with { Tags = [.. Enumerable.Repeat("t", 21)] }, ct));
        await RefusedAsync("file_too_large", "file_size_bytes", () => company.Client.CreateUploadSessionAsync(Request((5L << 40) + 1), ct), HttpStatusCode.Conflict);
        var largest = await company.Client.CreateUploadSessionAsync(Request(5L << 40), ct);
        Assert.Equal((1000, true), (largest.Parts!.Count, largest.PartCount is > 9000 and <= 10_000));
        var more = await company.Client.SignPartsAsync(largest.Id, new() { PartNumbers = [largest.PartCount!.Value] }, ct);
        Assert.Equal(largest.PartCount, Assert.Single(more.Parts).PartNumber);
        await RefusedAsync("invalid_parameter", "part_numbers[1]", () => company.Client.SignPartsAsync(largest.Id, new() { PartNumbers = [1, 10_001] }, ct));
        await company.Client.AbortUploadAsync(largest.Id, ct);
    }

    [Fact]
    public async Task An_aborted_upload_leaves_no_part_behind_and_stays_aborted()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await OpenAsync(company, MultipartBytes);
        await PutPartsAsync(upload, upload.Parts!.Take(2), new byte[MultipartBytes]);

        await company.Client.AbortUploadAsync(upload.Id, ct);
        await company.Client.AbortUploadAsync(upload.Id, ct);

        await EmptyAsync(upload.Id);
        Assert.Equal(UploadStatus.Aborted, (await company.Client.GetUploadSessionAsync(upload.Id, ct)).Status);
        await RefusedAsync("upload_aborted", null, () => company.Client.FinalizeUploadAsync(upload.Id, Final(MultipartBytes), ct), HttpStatusCode.Conflict);
        Assert.Single((await company.Client.ListEventsAsync(null, null, 1000, ct)).Data, e => e.Type == "upload.aborted");
    }

    [Fact]
    public async Task A_session_that_nobody_finalizes_expires_and_leaves_no_part_behind()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await OpenAsync(company, MultipartBytes);
        await PutPartsAsync(upload, upload.Parts!.Take(1), new byte[MultipartBytes]);
        await using (var db = platform.Database())
        {
            var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
            await db.Uploads.Where(u => u.Id == upload.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.ExpiresAt, past), ct);
        }

        await Eventually.TrueAsync(async () => (await company.Client.GetUploadSessionAsync(upload.Id, ct)).Status == UploadStatus.Aborted, () => "the session to expire");
        await EmptyAsync(upload.Id);
    }

    [Fact]
    public async Task Another_company_sees_nothing_of_it()
    {
        var (mine, theirs) = (await platform.NewCompanyAsync(), await platform.NewCompanyAsync());
        var upload = await OpenAsync(mine, 1000);

        await RefusedAsync("upload_not_found", null, () => theirs.Client.GetUploadSessionAsync(upload.Id, ct), HttpStatusCode.NotFound);
        await RefusedAsync("upload_not_found", null, () => theirs.Client.FinalizeUploadAsync(upload.Id, Final(1000), ct), HttpStatusCode.NotFound);
        await RefusedAsync("upload_not_found", null, () => theirs.Client.SignPartsAsync(upload.Id, new() { PartNumbers = [1] }, ct), HttpStatusCode.NotFound);
        await RefusedAsync("upload_not_found", null, async () => { await theirs.Client.AbortUploadAsync(upload.Id, ct); return 0; }, HttpStatusCode.NotFound);
    }

    private static CreateUploadRequest Request(long size) => new() { Filename = "clip.mp4", MimeType = "video/mp4", FileSizeBytes = size, Title = "A title" };

    private static FinalizeUploadRequest Final(long size, string type = "video/mp4") => new() { MimeType = type, FileSizeBytes = size };

    private Task<UploadObject> OpenAsync(TestCompany company, long size, string type = "video/mp4", string name = "clip.mp4") =>
        company.Client.CreateUploadSessionAsync(Request(size) with { MimeType = type, Filename = name }, ct);

    private async Task PutAsync(string url, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await store.PutAsync(url, body, ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(ct));
    }

    private async Task PutPartsAsync(UploadObject upload, IEnumerable<PartUrl> parts, byte[] content)
    {
        foreach (var part in parts)
        {
            var from = (int)((part.PartNumber - 1) * upload.PartSizeBytes!.Value);
            await PutAsync(part.Url, content[from..Math.Min(content.Length, from + (int)upload.PartSizeBytes.Value)]);
        }
    }

    private async Task EmptyAsync(string uploadId)
    {
        await using var db = platform.Database();
        var row = await db.Uploads.AsNoTracking().SingleAsync(u => u.Id == uploadId, ct);
        var parts = new MultipartUploads(platform.Store);
        await Eventually.TrueAsync(
            async () => await parts.ListAsync(row.S3Key, row.S3UploadId!, ct) is null,
            () => $"the parts of {uploadId} to be gone\n{platform.LogsAbout(row.ArtifactId)}");
        await platform.ObjectCountAsync($"uploads/{row.ArtifactId}/", 0);
    }

    private static async Task RefusedAsync<T>(string code, string? param, Func<Task<T>> call, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        var refused = await Assert.ThrowsAsync<PlatformApiException>(call);
        Assert.Equal((status, code, param), (refused.Status, refused.Error.Code, refused.Error.Param));
    }
}
