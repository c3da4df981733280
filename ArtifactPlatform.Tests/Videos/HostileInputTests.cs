using System.Security.Cryptography;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Tests.Ingest;
using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Tests.Videos.Encoding;

namespace ArtifactPlatform.Tests.Videos;

/// <summary>What nobody can play goes through the whole platform, and ends with a reason.</summary>
public sealed class HostileInputTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text", "not_media")]
    [InlineData("zeros", "not_media")]
    [InlineData("playlist", "playlist_not_allowed")]
    [InlineData("encrypted", "encrypted_media")]
    [InlineData("no streams", "not_media", "media_unreadable")]
    [InlineData("one frame", "video_of_one_frame")]
    [InlineData("100x10 pixels", "video_too_small")]
    [InlineData("16385 pixels wide", "video_too_large")]
    [InlineData("ten hours", "video_too_long")]
    public async Task What_is_no_video_ends_errored_with_a_reason(string kind, params string[] codes)
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.UploadVideoAsync(await FileAsync(kind));

        var error = await company.ErroredAsync(made.Id);

        Assert.Contains(error.Type, codes);
        Assert.All(error.Messages, m => Assert.True(m.Length > 20, m));
        await platform.ObjectCountAsync($"videos/{made.Id}/", 0);
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_worked_on_is_made_of_one_of_its_states()
    {
        var company = await platform.NewCompanyAsync();
        var (first, then) = (await File.ReadAllBytesAsync(await TestMedia.Mp4Async(2), ct), await File.ReadAllBytesAsync(await TestMedia.Mp4Async(4), ct));
        var upload = await company.Client.CreateUploadSessionAsync(new() { Filename = "growing.mp4", MimeType = "video/mp4", FileSizeBytes = first.Length }, ct);
        await PutAsync(new Uri(upload.Url!), first);
        var video = await company.Client.FinalizeUploadAsync(upload.Id, new() { MimeType = "video/mp4", FileSizeBytes = first.Length }, ct);

        // Again and again while it is read; no more often than any one moment needs to be met.
        const int Most = 40;
        for (var puts = 0; puts < Most && video.Status == VideoStatus.Preparing; puts++)
        {
            await PutAsync(new Uri(upload.Url!), then);
            video = await company.Client.GetVideoAsync(video.Id, ct);
        }

        video = await company.VideoEndedAsync(video.Id);

        Assert.True(video.Status == VideoStatus.Ready || video.Errors is [{ Messages.Count: > 0 }], platform.LogsAbout(video.Id));
        if (video.Status == VideoStatus.Ready)
        {
            var artifact = await company.CompletedAsync(video.ArtifactId!);
            var stored = await UrlTests.DownloadAsync(company, artifact.Id);
            Assert.Equal(artifact.Size == first.Length ? first : then, stored);
            Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(stored))}", artifact.Hash);
            Assert.Equal(artifact.Duration!.Value, video.Duration!.Value, 0.1);
        }
    }

    private async Task PutAsync(Uri url, byte[] content)
    {
        using var store = new HttpClient();
        using var body = new ByteArrayContent(content);
        (await store.PutAsync(url, body, ct)).Dispose();
    }

    private static Task<string> FileAsync(string kind) => kind switch
    {
        "text" => TestMedia.BytesAsync("hostile-text.mp4", "just words"u8.ToArray()),
        "zeros" => TestMedia.BytesAsync("hostile-zeros.mp4", new byte[50_000]),
        "playlist" => TestMedia.BytesAsync("hostile-list.mp4", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"u8.ToArray()),
        "encrypted" => TestMedia.EncryptedMp4Async(),
        "no streams" => VideoMedia.NoStreamsAsync(),
        "one frame" => VideoMedia.OneFrameAsync(),
        "100x10 pixels" => VideoMedia.SizedAsync("100x10", 0.5, "ffv1"),
        "16385 pixels wide" => VideoMedia.TooWideAsync(),
        _ => VideoMedia.BlackHoursAsync(10),
    };
}
