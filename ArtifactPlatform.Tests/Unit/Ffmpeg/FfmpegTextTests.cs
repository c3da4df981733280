using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Tests.Unit.Ffmpeg;

/// <summary>Arguments and settings of ffmpeg, and what is read from its output.</summary>
public sealed class FfmpegTextTests
{
    [Fact]
    public void Settings_are_bound_and_checked()
    {
        Assert.Equal(TimeSpan.FromSeconds(90), Bind("Ffmpeg:ProbeTimeLimit", "00:01:30").ProbeTimeLimit);
        Assert.Throws<OptionsValidationException>(() => Bind("Ffmpeg:ThreadCount", "-1"));
        Assert.Throws<OptionsValidationException>(() => Bind("Ffmpeg:StallTimeLimit", "00:00:00"));

        static FfmpegOptions Bind(string key, string value) => new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build())
            .AddMedia().BuildServiceProvider().GetRequiredService<IOptions<FfmpegOptions>>().Value;
    }

    [Theory]
    [InlineData("ffmpeg version 4.4.2-0ubuntu", false)]
    [InlineData("ffmpeg version 5.1.9-0+deb12u1 Copyright", true)]
    [InlineData("ffmpeg version 7.0", true)]
    [InlineData("ffmpeg version N-109-gabc", true)]
    [InlineData("nothing", false)]
    public void Versions_before_5_1_are_too_old(string line, bool isFine) => Assert.Equal(isFine, !ToolCheck.CheckVersion(MediaTool.Ffmpeg, line).Any());

    [Theory]
    [InlineData("https://s3.local/b/k?X-Amz-Signature=abc: Server returned 403", "https://s3.local/b/k? Server returned 403")]
    [InlineData("open 'http://u:p@h/k?q=1' failed", "open 'http://h/k?' failed")]
    [InlineData("rtmp://h/app?key=1", "rtmp://h/app?")]
    [InlineData("nothing to hide: a=b?c", "nothing to hide: a=b?c")]
    public void Addresses_lose_their_secrets(string text, string shown) => Assert.Equal(shown, RedactUrls.In(text));

    [Fact]
    public void A_progress_block_is_read_whole()
    {
        List<FfmpegProgress> reports = [];
        var reader = new ProgressReader(reports.Add);
        foreach (var line in "frame=12\nfps=0.00\ntotal_size=N/A\nout_time_us=480000\nout_time_ms=480000\nspeed=1.5x\nprogress=continue\nout_time_us=N/A\nspeed=N/A\nprogress=end".Split('\n'))
        {
            reader.Read(line);
        }

        Assert.Equal([new(TimeSpan.FromMilliseconds(480), 12, 1.5, null, false), new(TimeSpan.FromMilliseconds(480), 12, null, null, true)], reports);
    }

    [Fact]
    public void Every_input_names_its_protocols_and_demuxers()
    {
        var options = new FfmpegOptions();
        var file = InputArguments.For(MediaInput.FromFile("/data/-i; rm -rf"), options);
        var url = InputArguments.For(MediaInput.FromUrl(new Uri("http://store/b/k?sig=1")), options);

        Assert.Equal(["-protocol_whitelist", "file,pipe", "-format_whitelist"], file.Take(3));
        Assert.Equal(["-i", "file:/data/-i; rm -rf"], file.TakeLast(2));
        Assert.Equal(["-protocol_whitelist", "http,https,tcp,tls", "-format_whitelist"], url.Take(3));
        Assert.Equal("http://store/b/k?sig=1", url[^1]);
        foreach (var follows in new[] { "hls", "dash", "concat", "sdp", "rtsp", "image2", "tedcaptions", "lavfi", "data", "mpjpeg" })
        {
            Assert.DoesNotContain(follows, InputArguments.Demuxers);
        }

        Assert.Throws<ArgumentException>(() => MediaInput.FromUrl(new Uri("file:///etc/passwd")));
    }
}
