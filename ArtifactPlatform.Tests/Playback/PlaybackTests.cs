using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Tests.Videos;
using ArtifactPlatform.Tests.Videos.Encoding;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ArtifactPlatform.Tests.Playback;

/// <summary>Six seconds of 640x360, for tests that only look at it.</summary>
public sealed class SharedVideo(Platform platform) : IAsyncLifetime
{
    public VideoObject Video { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await platform.StartedAsync();
        var company = await platform.NewCompanyAsync();
        Video = await company.ReadyAsync((await company.UploadVideoAsync(await TestMedia.Mp4Async(6, size: "640x360"))).Id);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>What players get, read by other people's parsers: ffprobe, ffmpeg's HLS and DASH demuxers.</summary>
public sealed class PlaybackTests(Platform platform, SharedVideo shared) : IClassFixture<StartedPlatform>, IClassFixture<SharedVideo>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_rendition_plays_through_hls_and_dash()
    {
        var video = shared.Video;

        var hls = await ProbeAsync(video.Playback.Hls!);
        Assert.Equal([240, 360], Heights(hls));
        Assert.Contains(Streams(hls), s => s.GetProperty("codec_type").GetString() == "audio");
        Assert.InRange(Duration(hls), 5.9, 6.2);
        Assert.Equal([240, 360], Heights(await ProbeAsync(video.Playback.Dash!)));
        foreach (var rendition in video.Playback.Mp4)
        {
            Assert.Equal([rendition.Height], Heights(await ProbeAsync(rendition.Hls!)));
            var mp4 = await ProbeAsync(rendition.Url);
            Assert.Equal([rendition.Height], Heights(mp4));
            Assert.InRange(Duration(mp4), 5.9, 6.2);
            await DecodesAsync(rendition.Hls!, 180);
        }

        await DecodesAsync(video.Playback.Dash!, 180);
        await DecodesAsync(video.Playback.Hls!, 180);
    }

    [Fact]
    public async Task Hls_and_dash_share_the_files_byte_for_byte()
    {
        var video = shared.Video;
        using var http = platform.CreateClient();

        var mpd = await http.GetStringAsync(new Uri(video.Playback.Dash!), ct);
        var media = await http.GetStringAsync(new Uri(video.Playback.Mp4[0].Hls!), ct);

        var file = new Uri(media.Split('\n').First(l => l.StartsWith("http", StringComparison.Ordinal))).AbsolutePath;
        var name = file.Split('/')[^1];
        Assert.Contains($"media=\"files/{name}\"", mpd, StringComparison.Ordinal);
        using var noRedirects = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var redirect = await noRedirects.GetAsync(new Uri(new Uri(video.Playback.Dash!), $"files/{name}"), ct);
        Assert.Equal((HttpStatusCode.Redirect, file), (redirect.StatusCode, redirect.Headers.Location?.AbsolutePath));
        foreach (Match range in Regex.Matches(media, @"#EXT-X-BYTERANGE:(\d+)@(\d+)"))
        {
            var (length, offset) = (long.Parse(range.Groups[1].Value, CultureInfo.InvariantCulture), long.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture));
            Assert.Contains($"mediaRange=\"{offset}-{offset + length - 1}\"", mpd, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Answers_have_the_right_types_cors_etags_and_ranges()
    {
        var video = shared.Video;
        using var http = platform.CreateClient();
        http.DefaultRequestHeaders.Add("Origin", "https://somewhere.example");

        using var master = await http.GetAsync(new Uri(video.Playback.Hls!), ct);
        Assert.Equal("application/vnd.apple.mpegurl", master.Content.Headers.ContentType?.MediaType);
        Assert.Equal("*", Assert.Single(master.Headers.GetValues("Access-Control-Allow-Origin")));
        using var dash = await http.GetAsync(new Uri(video.Playback.Dash!), ct);
        Assert.Equal("application/dash+xml", dash.Content.Headers.ContentType?.MediaType);

        using var again = new HttpRequestMessage(HttpMethod.Get, video.Playback.Hls);
        again.Headers.IfNoneMatch.Add(master.Headers.ETag!);
        using var unchanged = await http.SendAsync(again, ct);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var ranged = new HttpRequestMessage(HttpMethod.Get, video.Playback.Mp4[0].Url);
        ranged.Headers.Range = new(100, 199);
        using var part = await http.SendAsync(ranged, ct);
        Assert.Equal((HttpStatusCode.PartialContent, 100, "video/mp4"), (part.StatusCode, (int)part.Content.Headers.ContentLength!.Value, part.Content.Headers.ContentType?.MediaType));

        using var whole = await http.GetAsync(new Uri(video.Playback.Mp4[0].Url), ct);
        using var ask = new HttpRequestMessage(HttpMethod.Head, video.Playback.Mp4[0].Url);
        using var head = await http.SendAsync(ask, ct);
        Assert.Equal(
            (HttpStatusCode.OK, whole.Content.Headers.ContentLength, "video/mp4", "bytes"),
            (head.StatusCode, head.Content.Headers.ContentLength, head.Content.Headers.ContentType?.MediaType, $"{head.Headers.AcceptRanges}"));
    }

    [Fact]
    public async Task Each_master_and_mpd_counts_one_view()
    {
        var company = await platform.NewCompanyAsync();
        var video = await company.ReadyAsync((await company.UploadVideoAsync(await TestMedia.Mp4Async())).Id);
        using var http = platform.CreateClient();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => http.GetStringAsync(new Uri(i % 2 == 0 ? video.Playback.Hls! : video.Playback.Dash!), ct)));
        await http.GetStringAsync(new Uri(video.Playback.Mp4[0].Hls!), ct);
        // Those who only ask for the headers watch nothing.
        foreach (var url in new[] { video.Playback.Hls!, video.Playback.Dash! })
        {
            using var head = new HttpRequestMessage(HttpMethod.Head, url);
            using var answer = await http.SendAsync(head, ct);
            answer.EnsureSuccessStatusCode();
            Assert.NotNull(answer.Headers.ETag);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(ct));
        }

        Assert.Equal(8, (await company.Client.GetVideoAsync(video.Id, ct)).ViewCount);
    }

    [Fact]
    public async Task A_signed_id_plays_only_with_a_token_of_its_company()
    {
        var (company, other) = (await platform.NewCompanyAsync(), await platform.NewCompanyAsync());
        var video = await company.ReadyAsync((await company.UploadVideoAsync(await TestMedia.Mp4Async(), policy: PlaybackPolicy.Signed)).Id);
        Assert.Equal(PlaybackPolicy.Signed, video.Policy);
        var id = Assert.Single(video.PlaybackIds).Id;
        var key = await company.Client.CreatePlaybackKeyAsync(ct);
        var foreign = await other.Client.CreatePlaybackKeyAsync(ct);
        var master = video.Playback.Hls!;

        await ForbiddenAsync(master);
        await ForbiddenAsync($"{master}?token=nonsense");
        await ForbiddenAsync($"{master}?token={Token(foreign, id)}");
        await ForbiddenAsync($"{master}?token={Token(key with { Id = foreign.Id }, id)}");
        await ForbiddenAsync($"{master}?token={Token(foreign with { Id = key.Id }, id)}");
        await ForbiddenAsync($"{master}?token={Token(key, "play_000000000000000000000000")}");
        await ForbiddenAsync($"{master}?token={Token(key, id, "t")}");
        await ForbiddenAsync($"{master}?token={Token(key, id, minutes: -5)}");
        await ForbiddenAsync($"{master}?token={Token(key, id, minutes: null)}");
        await ForbiddenAsync($"{master}?token={Unsigned(key, id)}");

        Assert.Equal([120], Heights(await ProbeAsync($"{master}?token={Token(key, id)}")));
        Assert.Equal([120], Heights(await ProbeAsync($"{video.Playback.Dash}?token={Token(key, id)}")));
        using var http = platform.CreateClient();
        using var picture = await http.GetAsync(new Uri($"{video.ThumbnailUrl}?token={Token(key, id, "t")}"), ct);
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
        Assert.Contains("token=", await http.GetStringAsync(new Uri($"{video.StoryboardUrl}?token={Token(key, id, "s")}"), ct), StringComparison.Ordinal);

        await company.Client.DeletePlaybackKeyAsync(key.Id, ct);
        await ForbiddenAsync($"{master}?token={Token(key, id)}");
    }

    [Fact]
    public async Task Playback_ids_come_and_go()
    {
        var company = await platform.NewCompanyAsync();
        var video = await company.ReadyAsync((await company.UploadVideoAsync(await TestMedia.Mp4Async())).Id);
        var second = await company.Client.CreatePlaybackIdAsync(video.Id, PlaybackPolicy.Public, ct);
        using var http = platform.CreateClient();
        var url = new Uri($"/play/{second.Id}/master.m3u8", UriKind.Relative);
        Assert.Contains("#EXTM3U", await http.GetStringAsync(url, ct), StringComparison.Ordinal);

        await company.Client.DeletePlaybackIdAsync(video.Id, second.Id, ct);

        using var gone = await http.GetAsync(url, ct);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Single((await company.Client.GetVideoAsync(video.Id, ct)).PlaybackIds);
    }

    [Fact]
    public async Task Thumbnails_are_taken_at_any_time_in_a_few_widths_and_kept()
    {
        var video = shared.Video;
        var before = (await platform.ObjectsAsync($"videos/{video.Id}/")).Count;

        Assert.Equal((640, 360), await SizeOfAsync(video.ThumbnailUrl!));
        Assert.Equal((160, 90), await SizeOfAsync($"{video.ThumbnailUrl}?time=3.26&width=101"));
        Assert.Equal((160, 90), await SizeOfAsync($"{video.ThumbnailUrl}?time=3.2&width=160"));
        Assert.Equal((320, 180), await SizeOfAsync($"{video.ThumbnailUrl}?time=9999&width=300"));

        // Two frames: one for both requests within a tenth of a second, and the last.
        await platform.ObjectCountAsync($"videos/{video.Id}/", before + 2);
        using var http = platform.CreateClient();
        Assert.NotEqual(await http.GetByteArrayAsync(new Uri($"{video.ThumbnailUrl}?time=3.2&width=160"), ct), await http.GetByteArrayAsync(new Uri($"{video.ThumbnailUrl}?time=3.7&width=160"), ct));
        foreach (var wrong in new[] { "width=0", "width=5000", "time=-1", "time=1,5", "time=x" })
        {
            using var refused = await http.GetAsync(new Uri($"{video.ThumbnailUrl}?{wrong}"), ct);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task The_storyboard_tiles_the_whole_video()
    {
        var video = shared.Video;
        using var http = platform.CreateClient();

        var vtt = await http.GetStringAsync(new Uri(video.StoryboardUrl!), ct);
        var (width, height) = await SizeOfAsync(video.StoryboardUrl!.Replace("storyboard.vtt", "storyboard.jpg", StringComparison.Ordinal));

        Assert.StartsWith("WEBVTT\n", vtt, StringComparison.Ordinal);
        Assert.StartsWith("00:00:00.000 --> ", vtt.Split("\n\n")[1], StringComparison.Ordinal);
        Assert.All(Regex.Matches(vtt, @"#xywh=(\d+),(\d+),(\d+),(\d+)"), m =>
        {
            var n = m.Groups.Values.Skip(1).Select(g => int.Parse(g.Value, CultureInfo.InvariantCulture)).ToList();
            Assert.True(n[0] + n[2] <= width && n[1] + n[3] <= height, m.Value);
        });
    }

    [Fact]
    public async Task Captions_become_a_subtitle_track()
    {
        var company = await platform.NewCompanyAsync();
        var video = await company.ReadyAsync((await company.UploadVideoAsync(await TestMedia.Mp4Async())).Id);
        var caption = await company.Client.CreateCaptionAsync(video.Id, new() { Language = "pt-BR", Name = "Português", Text = "\uFEFF1\r\n00:00:00,500 --> 00:00:01,200\r\nOlá <i>mundo</i>\r\n\r\n2\r\n00:00:01,300 --> 00:00:01,900\r\nTchau\r\n" }, ct);
        using var http = platform.CreateClient();

        var master = await http.GetStringAsync(new Uri(video.Playback.Hls!), ct);
        Assert.Contains("TYPE=SUBTITLES", master, StringComparison.Ordinal);
        Assert.Contains("LANGUAGE=\"pt-BR\"", master, StringComparison.Ordinal);
        // Names are unique in a group, whatever people call them.
        var second = await company.Client.CreateCaptionAsync(video.Id, new() { Language = "pt-PT", Name = "Português", Text = "1\n00:00:00,500 --> 00:00:01,200\nOlá\n" }, ct);
        Assert.Contains("NAME=\"Português (2)\",LANGUAGE=\"pt-PT\"", await http.GetStringAsync(new Uri(video.Playback.Hls!), ct), StringComparison.Ordinal);
        Assert.Contains("<Label>Português (2)</Label>", await http.GetStringAsync(new Uri(video.Playback.Dash!), ct), StringComparison.Ordinal);
        await company.Client.DeleteCaptionAsync(video.Id, second.Id, ct);
        var playlist = await http.GetStringAsync(new Uri(new Uri(video.Playback.Hls!), $"captions/{caption.Id}.m3u8"), ct);
        var vtt = await http.GetStringAsync(new Uri(playlist.Split('\n').First(l => l.StartsWith("http", StringComparison.Ordinal))), ct);
        Assert.Equal("WEBVTT\n\n00:00:00.500 --> 00:00:01.200\nOlá <i>mundo</i>\n\n00:00:01.300 --> 00:00:01.900\nTchau\n\n", vtt);

        // DASH too, for parsers that take no ampersand in an address.
        var mpd = await http.GetStringAsync(new Uri(video.Playback.Dash!), ct);
        Assert.Contains($"<BaseURL>captions/{caption.Id}.vtt</BaseURL>", mpd, StringComparison.Ordinal);
        Assert.Equal(vtt, await http.GetStringAsync(new Uri(new Uri(video.Playback.Dash!), $"captions/{caption.Id}.vtt"), ct));
        Assert.Contains(Streams(await ProbeAsync(video.Playback.Dash!)), s => s.GetProperty("codec_type").GetString() == "video");

        await company.Client.DeleteCaptionAsync(video.Id, caption.Id, ct);
        Assert.DoesNotContain("SUBTITLES", await http.GetStringAsync(new Uri(video.Playback.Hls!), ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_sound_tracks_stay_alternates()
    {
        var company = await platform.NewCompanyAsync();
        var video = await company.ReadyAsync((await company.UploadVideoAsync(await VideoMedia.ThreeLanguagesAsync(), "video/x-matroska")).Id);

        using var http = platform.CreateClient();
        var master = await http.GetStringAsync(new Uri(video.Playback.Hls!), ct);

        Assert.Equal(3, Regex.Count(master, "TYPE=AUDIO"));
        Assert.Single(Regex.Matches(master, "TYPE=AUDIO.*DEFAULT=YES"));
        Assert.Contains("LANGUAGE=\"de\"", master, StringComparison.Ordinal);
        Assert.Equal(3, Streams(await ProbeAsync(video.Playback.Hls!)).Count(s => s.GetProperty("codec_type").GetString() == "audio"));
    }

    [Fact]
    public async Task Several_sound_tracks_without_a_picture_stay_alternates_too()
    {
        var company = await platform.NewCompanyAsync();
        var video = await company.ReadyAsync((await company.UploadVideoAsync(await VideoMedia.TwoLanguagesOfSoundAsync(), "audio/mp4")).Id);

        using var http = platform.CreateClient();
        var master = await http.GetStringAsync(new Uri(video.Playback.Hls!), ct);

        Assert.Equal(["en", "it"], Regex.Matches(master, "TYPE=AUDIO.*LANGUAGE=\"(..)\"").Select(m => m.Groups[1].Value));
        Assert.Single(Regex.Matches(master, "TYPE=AUDIO.*DEFAULT=YES"));
        Assert.Equal(2, Streams(await ProbeAsync(video.Playback.Hls!)).Count(s => s.GetProperty("codec_type").GetString() == "audio"));
        Assert.Equal(2, Streams(await ProbeAsync(video.Playback.Dash!)).Count(s => s.GetProperty("codec_type").GetString() == "audio"));
    }

    private async Task ForbiddenAsync(string url)
    {
        using var http = platform.CreateClient();
        using var response = await http.GetAsync(new Uri(url), ct);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("playback_forbidden", await response.Content.ReadAsStringAsync(ct), StringComparison.Ordinal);
    }

    internal static string Token(PlaybackKeyObject key, string subject, string audience = "v", int? minutes = 10)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key.PrivateKey);
        var credentials = new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = key.Id, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, SecurityAlgorithms.RsaSha256);
        var claims = new Dictionary<string, object> { ["sub"] = subject, ["aud"] = audience };
        if (minutes is { } life)
        {
            claims["exp"] = TimeProvider.System.GetUtcNow().AddMinutes(life).ToUnixTimeSeconds();
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(JsonSerializer.Serialize(claims), credentials);
    }

    private static string Unsigned(PlaybackKeyObject key, string subject)
    {
        static string Part(object value) => Base64UrlEncoder.Encode(JsonSerializer.Serialize(value));
        return $"{Part(new { alg = "none", kid = key.Id })}.{Part(new { sub = subject, aud = "v", exp = TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds() })}.";
    }

    private static async Task<JsonElement> ProbeAsync(string url)
    {
        var (output, errors, exitCode) = await RunAsync("ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", url);
        Assert.True(exitCode == 0, errors);
        return JsonDocument.Parse(output).RootElement;
    }

    private static async Task<(int Width, int Height)> SizeOfAsync(string url)
    {
        var stream = Assert.Single(Streams(await ProbeAsync(url)));
        return (stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32());
    }

    /// <summary>Decodes all of it without one complaint.</summary>
    private static async Task DecodesAsync(string url, int frames)
    {
        var (output, errors, exitCode) = await RunAsync("ffmpeg", "-v", "error", "-i", url, "-map", "0:v:0", "-map", "0:a:0?", "-f", "null", "-progress", "-", "-");
        Assert.True(exitCode == 0 && errors.Length == 0, errors);
        Assert.Equal(frames, int.Parse(Regex.Matches(output, @"frame=(\d+)")[^1].Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private static List<JsonElement> Streams(JsonElement probe) => [.. probe.GetProperty("streams").EnumerateArray()];

    private static List<int> Heights(JsonElement probe) =>
        [.. Streams(probe).Where(s => s.GetProperty("codec_type").GetString() == "video").Select(s => s.GetProperty("height").GetInt32()).Order()];

    private static double Duration(JsonElement probe) => double.Parse(probe.GetProperty("format").GetProperty("duration").GetString()!, CultureInfo.InvariantCulture);

    private static async Task<(string Output, string Errors, int ExitCode)> RunAsync(string program, params string[] arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (await output, await errors, process.ExitCode);
    }
}
