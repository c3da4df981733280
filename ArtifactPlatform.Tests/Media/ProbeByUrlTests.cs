using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ArtifactPlatform.Tests.Media;

public sealed class ProbeByUrlTests
{
    [Fact]
    public async Task A_presigned_address_is_probed_like_a_file()
    {
        var path = await TestMedia.Mp4Async();
        await using var store = await StoreAsync(_ => Results.File(path, enableRangeProcessing: true));

        var result = await ProbeAsync(store, new FileInfo(path).Length);

        Assert.Equal(2, result.DurationSeconds, 1.0 / 30);
        Assert.Equal("video/mp4", result.ContentType);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task A_store_that_refuses_is_no_bad_file(int status)
    {
        await using var store = await StoreAsync(_ => Results.StatusCode(status));

        await Assert.ThrowsAsync<MediaSourceException>(() => ProbeAsync(store, 1000));
    }

    [Fact]
    public async Task A_store_that_goes_down_midway_is_no_bad_file()
    {
        var path = await TestMedia.Mp4Async();
        var (reads, healthy) = (0, int.MaxValue);
        await using var store = await StoreAsync(_ => Interlocked.Increment(ref reads) <= healthy ? Results.File(path, enableRangeProcessing: true) : Results.StatusCode(500));
        await ProbeAsync(store, new FileInfo(path).Length);
        var all = reads;

        Assert.InRange(all, 3, 20);
        for (healthy = 0; healthy < all; healthy++)
        {
            reads = 0;
            await Assert.ThrowsAsync<MediaSourceException>(() => ProbeAsync(store, new FileInfo(path).Length));
        }
    }

    [Fact]
    public async Task A_store_that_is_gone_is_no_bad_file()
    {
        // Nothing listens there: port 1 is reserved (TCPMUX).
        var url = new Uri("http://127.0.0.1:1/bucket/key.mp4");

        await Assert.ThrowsAsync<MediaSourceException>(() => MediaStack.Probe.ProbeAsync(ProbeInput.FromUrl(url, 1000), ArtifactType.Video, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_playlist_from_the_store_is_never_followed()
    {
        var followed = false;
        WebApplication? store = null;
        store = await StoreAsync(request =>
        {
            followed |= request.Path == "/elsewhere.ts";
            return Results.Text($"#EXTM3U\n#EXTINF:1,\n{Url(store!).GetLeftPart(UriPartial.Authority)}/elsewhere.ts\n#EXT-X-ENDLIST\n");
        });
        await using (store)
        {
            // Past the sniffer, straight into ffprobe: the second lock must hold alone.
            await Assert.ThrowsAsync<MediaRejectedException>(() => MediaStack.Media.HeadersAsync(MediaInput.FromUrl(Url(store)), TestContext.Current.CancellationToken));
        }

        Assert.False(followed);
    }

    [Theory]
    [InlineData("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{0}\n#EXT-X-ENDLIST\n")]
    [InlineData("list.ffconcat", "ffconcat version 1.0\nfile '{0}'\n")]
    [InlineData("manifest.mpd", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period><AdaptationSet mimeType=\"video/mp4\"><Representation id=\"1\"><BaseURL>{0}</BaseURL></Representation></AdaptationSet></Period></MPD>")]
    [InlineData("session.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n")]
    public async Task Ffprobe_alone_refuses_lists_that_name_a_local_file(string name, string content)
    {
        var target = await TestMedia.Mp4Async(1);
        var path = Path.Combine(TestMedia.NewFolder(), name);
        await File.WriteAllTextAsync(path, content.Replace("{0}", target, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var e = await Assert.ThrowsAsync<MediaRejectedException>(() => MediaStack.Media.HeadersAsync(MediaInput.FromFile(path), TestContext.Current.CancellationToken));
        Assert.Contains(e.Code, new[] { "not_media", "media_unreadable", "playlist_not_allowed" });
    }

    private static Task<ProbeResult> ProbeAsync(WebApplication store, long sizeBytes) =>
        MediaStack.Probe.ProbeAsync(ProbeInput.FromUrl(Url(store), sizeBytes), ArtifactType.Video, TestContext.Current.CancellationToken);

    private static Uri Url(WebApplication store) => new($"{store.Urls.Single()}/bucket/key%20with%20blank.mp4?X-Amz-Signature=abc");

    private static async Task<WebApplication> StoreAsync(Func<HttpRequest, IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Map("/{**path}", (HttpRequest request) => answer(request));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
