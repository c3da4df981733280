using System.Text;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Tests.Unit.Media;

/// <summary>Files that are rejected by their first bytes, before ffprobe sees them.</summary>
public sealed class RefusedMediaTests
{
    public static TheoryData<string, string, string> Texts => new()
    {
        { "page.mp4", "<!DOCTYPE html><html><body>404 Not Found</body></html>", "html_page" },
        { "page-with-declaration.mp4", "<?xml version=\"1.0\"?>\n<!-- generated -->\n<html xmlns=\"http://www.w3.org/1999/xhtml\"></html>", "html_page" },
        { "list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "playlist_not_allowed" },
        { "list.ffconcat", "ffconcat version 1.0\nfile '/etc/passwd'\n", "playlist_not_allowed" },
        { "list.txt", "file '/etc/passwd'\nfile 'http://169.254.169.254/latest/meta-data'\n", "playlist_not_allowed" },
        { "session.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n", "playlist_not_allowed" },
        { "manifest.mpd", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><BaseURL>file:///etc/passwd</BaseURL></MPD>", "playlist_not_allowed" },
        { "list.asx", "<asx version=\"3.0\"><entry><ref href=\"http://127.0.0.1/\"/></entry></asx>", "playlist_not_allowed" },
        { "words.mp4", "This is a text and not a video.\n", "not_media" },
        { "data.json", "{\"error\":\"not found\"}", "not_media" },
        { "captions.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello\n", "not_media" },
        { "document.mp4", "%PDF-1.7\n%\u00e2\u00e3\n1 0 obj", "not_media" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task What_is_no_media_is_refused_by_what_it_is(string name, string content, string code)
    {
        var bytes = Encoding.UTF8.GetBytes(content);

        Assert.Equal(code, (await RejectedAsync(name, bytes, ArtifactType.Video)).Code);
        Assert.Equal(code, (await RejectedAsync(name, bytes, ArtifactType.Audio)).Code);
    }

    [Fact]
    public async Task An_empty_file_is_refused() => Assert.Equal("empty_file", (await RejectedAsync("empty.mp4", [], ArtifactType.Video)).Code);

    [Fact]
    public async Task Random_bytes_are_no_media()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var bytes = new byte[100_000];
            new Random(seed).NextBytes(bytes);

            Assert.Equal("not_media", (await RejectedAsync("random.bin", bytes, ArtifactType.Video)).Code);
            Assert.Equal("not_media", (await RejectedAsync("random.bin", bytes, ArtifactType.Audio)).Code);
        }
    }

    [Fact]
    public async Task A_box_that_claims_exabytes_is_truncated_and_costs_nothing()
    {
        byte[] bytes = [0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 2, 0, .. "isomiso2"u8, 0, 0, 0, 1, .. "moov"u8, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

        Assert.Contains((await RejectedAsync("claims.mp4", bytes, ArtifactType.Video)).Code, new[] { "truncated", "mp4_without_moov" });
    }

    private static Task<MediaRejectedException> RejectedAsync(string name, byte[] content, ArtifactType type) =>
        WithoutPrograms.RejectedAsync(name, content, input => new MediaProbe(WithoutPrograms.Media).ProbeAsync(input, type, TestContext.Current.CancellationToken));
}
