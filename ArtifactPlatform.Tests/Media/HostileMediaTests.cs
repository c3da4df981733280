using System.Text;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Tests.Media;

public sealed class HostileMediaTests
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
        var path = await TestMedia.BytesAsync(name, Encoding.UTF8.GetBytes(content));

        Assert.Equal(code, (await MediaStack.RejectedAsync(path, ArtifactType.Video)).Code);
        Assert.Equal(code, (await MediaStack.RejectedAsync(path, ArtifactType.Audio)).Code);
    }

    [Fact]
    public async Task An_empty_file_is_refused() =>
        Assert.Equal("empty_file", (await MediaStack.RejectedAsync(await TestMedia.BytesAsync("empty.mp4", []), ArtifactType.Video)).Code);

    [Fact]
    public async Task Random_bytes_are_no_media()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var bytes = new byte[100_000];
            new Random(seed).NextBytes(bytes);
            var path = await TestMedia.BytesAsync($"random-{seed}.bin", bytes);

            Assert.Equal("not_media", (await MediaStack.RejectedAsync(path, ArtifactType.Video)).Code);
            Assert.Equal("not_media", (await MediaStack.RejectedAsync(path, ArtifactType.Audio)).Code);
        }
    }

    [Fact]
    public async Task Random_bytes_behind_a_true_signature_are_refused()
    {
        byte[][] signatures = [[0x1a, 0x45, 0xdf, 0xa3], "FLV\u0001"u8.ToArray(), "OggS"u8.ToArray(), "fLaC"u8.ToArray(), "RIFF\u0010\u0010\u0010\u0010WAVE"u8.ToArray(), "ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000"u8.ToArray()];
        for (var i = 0; i < signatures.Length; i++)
        {
            var bytes = new byte[50_000];
            new Random(i).NextBytes(bytes);
            signatures[i].CopyTo(bytes, 0);
            var path = await TestMedia.BytesAsync($"signed-{i}.bin", bytes);

            Assert.Contains((await MediaStack.RejectedAsync(path, ArtifactType.Audio)).Code, new[] { "media_unreadable", "not_media", "no_audio_stream" });
        }
    }

    [Fact]
    public async Task An_mp4_that_ends_before_its_index_is_named_as_such()
    {
        var path = await TestMedia.CutShortAsync("no-index.mp4", () => TestMedia.Mp4IndexLastAsync(), 0.6);

        var e = await MediaStack.RejectedAsync(path, ArtifactType.Video);

        Assert.Equal("mp4_without_moov", e.Code);
        Assert.Contains("index", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.97)]
    public async Task An_mp4_with_its_index_in_front_but_cut_short_is_truncated(double share)
    {
        var path = await TestMedia.CutShortAsync($"short-{share}.mp4", () => TestMedia.Mp4Async(), share);

        Assert.Equal("truncated", (await MediaStack.RejectedAsync(path, ArtifactType.Video)).Code);
    }

    [Fact]
    public async Task Other_containers_that_were_cut_short_are_truncated()
    {
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.mkv", () => TestMedia.MkvAsync(4), 0.5), ArtifactType.Video)).Code);
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.webm", () => TestMedia.WebmAsync(4), 0.5), ArtifactType.Video)).Code);
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.avi", () => TestMedia.AviAsync(4), 0.5), ArtifactType.Video)).Code);
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.wav", () => TestMedia.WavAsync(), 0.5), ArtifactType.Audio)).Code);
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.flac", () => TestMedia.FlacAsync(), 0.5), ArtifactType.Audio)).Code);
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.mp3", () => TestMedia.Mp3VbrAsync(6, xing: true), 0.5), ArtifactType.Audio)).Code);
    }

    [Fact]
    public async Task A_file_of_the_wrong_kind_says_which_kind_it_is()
    {
        Assert.Equal("no_video_stream", (await MediaStack.RejectedAsync(await TestMedia.WavAsync(), ArtifactType.Video)).Code);
        Assert.Equal("no_audio_stream", (await MediaStack.RejectedAsync(await TestMedia.VideoOnlyMp4Async(), ArtifactType.Audio)).Code);
    }

    [Fact]
    public async Task Encrypted_media_is_refused() =>
        Assert.Equal("encrypted_media", (await MediaStack.RejectedAsync(await TestMedia.EncryptedMp4Async(), ArtifactType.Video)).Code);

    [Fact]
    public async Task Pictures_that_can_not_be_decoded_are_refused()
    {
        // The index is whole, the pictures are noise.
        var path = await TestMedia.ChangeAsync("noise.mp4", () => TestMedia.VideoOnlyMp4Async(), bytes =>
        {
            var media = bytes.AsSpan().IndexOf("mdat"u8) + 4;
            var index = bytes.AsSpan().IndexOf("moov"u8) - 4;
            new Random(1).NextBytes(bytes.AsSpan(media, index - media));
            return bytes;
        });

        Assert.Equal("media_unreadable", (await MediaStack.RejectedAsync(path, ArtifactType.Video)).Code);
    }

    [Fact]
    public async Task A_box_that_claims_exabytes_is_truncated_and_costs_nothing()
    {
        byte[] bytes = [0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 2, 0, .. "isomiso2"u8, 0, 0, 0, 1, .. "moov"u8, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        var path = await TestMedia.BytesAsync("claims.mp4", bytes);

        Assert.Contains((await MediaStack.RejectedAsync(path, ArtifactType.Video)).Code, new[] { "truncated", "mp4_without_moov" });
    }

    [Fact]
    public async Task Too_many_streams_are_refused()
    {
        var path = await TestMedia.MakeAsync("many.mkv", ["-f", "lavfi", "-i", "sine=d=0.1"], [.. Enumerable.Repeat(new[] { "-map", "0:a" }, 70).SelectMany(m => m)], ["-c:a", "pcm_s16le"]);

        Assert.Equal("too_many_streams", (await MediaStack.RejectedAsync(path, ArtifactType.Audio)).Code);
    }
}
