using System.Text;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Tests.Media;

namespace ArtifactPlatform.Tests.Ingest;

/// <summary>Files that are not what their artifact says. Each ends as failed, with a code and a sentence, whatever its name.</summary>
public sealed class HostileTests(Platform platform) : IClassFixture<StartedPlatform>
{
    [Fact]
    public Task A_web_page_is_no_video() => RefusedAsync(ArtifactType.Video, "<!DOCTYPE html><html><body>Not found</body></html>"u8.ToArray(), "html_page");

    [Fact]
    public Task A_file_without_a_byte_is_refused() => RefusedAsync(ArtifactType.Video, [], "empty_file");

    [Fact]
    public async Task An_mp4_whose_index_is_missing_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(await TestMedia.Mp4IndexLastAsync(seconds: 2));
        await RefusedAsync(ArtifactType.Video, whole[..(whole.Length / 2)], "mp4_without_moov");
    }

    [Fact]
    public Task Random_bytes_are_no_video()
    {
        var noise = new byte[100_000];
        new Random(7).NextBytes(noise);
        return RefusedAsync(ArtifactType.Video, noise, "not_media");
    }

    [Fact]
    public Task Text_is_no_audio() => RefusedAsync(ArtifactType.Audio, "Just a few lines\nof text.\n"u8.ToArray(), "not_media");

    [Fact]
    public Task A_playlist_that_points_elsewhere_is_not_followed() => RefusedAsync(
        ArtifactType.Video,
        Encoding.ASCII.GetBytes("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.2:1/secret.ts\n#EXT-X-ENDLIST\n"),
        "playlist_not_allowed");

    [Fact]
    public async Task A_video_is_no_script() => await RefusedAsync(ArtifactType.Script, await File.ReadAllBytesAsync(await TestMedia.Mp4Async(seconds: 2)), "not_text");

    [Fact]
    public Task Sound_alone_is_no_video() => RefusedAsync(ArtifactType.Video, WavFile.Of(50_000), "no_video_stream");

    private async Task RefusedAsync(ArtifactType type, byte[] content, string code)
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "innocent.mp4", Type = type }, TestContext.Current.CancellationToken);
        await UploadTests.PutAsync(upload.PresignedUploadUrl, content);

        var failed = await company.FailedAsync(upload.ArtifactId, code);

        Assert.Null(failed.Size);
        await Eventually.TrueAsync(async () => (await platform.ObjectsAsync($"uploads/{upload.ArtifactId}/")).Count == 0, () => "the refused file to go");
    }
}
