using System.Diagnostics;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Tests.Media;

public sealed class MediaProcessTests
{
    private static readonly string[] Endless = ["-re", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=10", "-f", "null", "-"];

    [Fact]
    public async Task Progress_is_reported_as_it_goes()
    {
        List<FfmpegProgress> reports = [];

        await RunAsync(Command(["-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=2", "-f", "null", "-"]) with { OnProgress = reports.Add });

        Assert.True(reports[^1].IsEnd);
        Assert.Equal((20, 2.0), (reports[^1].Frame, reports[^1].OutTime?.TotalSeconds));
    }

    [Fact]
    public async Task Cancelling_kills_the_process()
    {
        using var stop = new CancellationTokenSource();
        var name = $"marker-{Guid.NewGuid():N}";
        var started = new TaskCompletionSource();

        var run = TestMedia.Process.RunAsync(Command([.. Endless[..^3], "-metadata", $"title={name}", .. Endless[^3..]]) with { OnProgress = _ => started.TrySetResult() }, stop.Token);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(IsRunning(name));
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(IsRunning(name));
    }

    [Fact]
    public async Task A_run_past_its_time_limit_is_ended()
    {
        var e = await Assert.ThrowsAsync<MediaProcessException>(() => RunAsync(Command(Endless) with { TimeLimit = TimeSpan.FromMilliseconds(500) }));

        Assert.Equal(MediaFailure.TimeLimit, e.Failure);
    }

    [Fact]
    public async Task A_run_past_its_output_limit_is_ended()
    {
        var e = await Assert.ThrowsAsync<MediaProcessException>(() => RunAsync(Command(["-f", "lavfi", "-i", "testsrc2=s=64x64", "-f", "rawvideo", "-"]) with { OutputLimitBytes = 1 << 20 }));

        Assert.Equal(MediaFailure.OutputLimit, e.Failure);
    }

    [Fact]
    public async Task A_file_past_its_limit_is_ended()
    {
        var path = Path.Combine(TestMedia.NewFolder(), "big.yuv");

        var e = await Assert.ThrowsAsync<MediaProcessException>(() => RunAsync(Command(["-f", "lavfi", "-i", "testsrc2=s=320x240", "-f", "rawvideo", path]) with { FileLimitBytes = 1 << 20 }));

        Assert.Equal(MediaFailure.OutputLimit, e.Failure);
        Assert.InRange(new FileInfo(path).Length, 0, 1 << 20);
    }

    [Fact]
    public async Task Input_can_come_from_a_stream()
    {
        using var output = new MemoryStream();
        await using var input = File.OpenRead(await TestMedia.WavAsync(1));

        await RunAsync(Command(["-i", "pipe:0", "-f", "s16le", "pipe:1"]) with { Input = input, Output = output });

        Assert.Equal(44100 * 2, output.Length);
    }

    [Fact]
    public async Task A_failure_carries_the_last_lines_without_secrets()
    {
        var e = await Assert.ThrowsAsync<MediaProcessException>(() => RunAsync(Command(["-i", "http://user:pass@127.0.0.1:9/bucket/key?X-Amz-Signature=topsecret&b=c", "-f", "null", "-"])));

        Assert.Equal(MediaFailure.Failed, e.Failure);
        Assert.Contains("127.0.0.1:9/bucket/key", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("pass", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_program_is_no_bad_file()
    {
        var process = new MediaProcess(Options.Create(new FfmpegOptions { FfmpegPath = "/nowhere/ffmpeg" }), TimeProvider.System);

        var e = await Assert.ThrowsAsync<MediaProcessException>(() => process.RunAsync(Command(["-version"]), TestContext.Current.CancellationToken));

        Assert.Equal(MediaFailure.NotStarted, e.Failure);
        Assert.NotEmpty(await new ToolCheck(process).RunAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_trace_names_the_program_and_hides_secrets()
    {
        List<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ArtifactPlatform",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => { lock (spans) { spans.Add(span); } },
        };
        ActivitySource.AddActivityListener(listener);
        var marker = $"key-{Guid.NewGuid():N}";

        await Assert.ThrowsAsync<MediaProcessException>(() => RunAsync(Command(["-i", $"http://127.0.0.1:9/{marker}?token=topsecret", "-f", "null", "-"])));

        Activity span;
        lock (spans)
        {
            span = Assert.Single(spans, s => s.GetTagItem("process.command_args") is string text && text.Contains(marker, StringComparison.Ordinal));
        }

        Assert.Equal(("ffmpeg", ActivityStatusCode.Error), (span.OperationName, span.Status));
        Assert.DoesNotContain("topsecret", string.Join(' ', span.TagObjects) + span.StatusDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_installed_programs_can_do_all_that_is_asked() =>
        Assert.Empty(await new ToolCheck(TestMedia.Process).RunAsync(TestContext.Current.CancellationToken));

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

    private static MediaCommand Command(string[] arguments) => new() { Tool = MediaTool.Ffmpeg, Arguments = arguments, TimeLimit = TimeSpan.FromMinutes(2) };

    private static Task<MediaRun> RunAsync(MediaCommand command) => TestMedia.Process.RunAsync(command, TestContext.Current.CancellationToken);

    private static bool IsRunning(string marker) => Directory.EnumerateDirectories("/proc").Any(folder =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(folder), out _) && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(marker, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });
}
