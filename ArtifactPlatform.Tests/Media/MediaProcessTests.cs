using System.Diagnostics;
using ArtifactPlatform.Worker.Ffmpeg;
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
