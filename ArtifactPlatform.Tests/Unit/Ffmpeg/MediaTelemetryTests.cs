using System.Diagnostics;
using System.Diagnostics.Metrics;
using ArtifactPlatform.Worker.Ffmpeg;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Tests.Unit.Ffmpeg;

public sealed class MediaTelemetryTests
{
    /// <summary>Any program will do: what is told of a run does not depend on what it does.</summary>
    private static readonly MediaProcess Process = new(Options.Create(new FfmpegOptions { FfmpegPath = "false", FfprobePath = "/nowhere/ffprobe" }), TimeProvider.System);

    [Theory]
    [InlineData(MediaTool.Ffmpeg, "ffmpeg", 1, "failed")]
    [InlineData(MediaTool.Ffprobe, "ffprobe", 127, "not_started")]
    public async Task A_run_is_traced_and_measured_by_program_and_purpose(MediaTool tool, string program, int exitCode, string outcome)
    {
        var purpose = $"test {Guid.NewGuid():N}";
        List<Activity> spans = [];
        List<string> measured = [];
        using var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ArtifactPlatform",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => { lock (spans) { spans.Add(span); } },
        };
        ActivitySource.AddActivityListener(traces);
        using var metrics = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument is { Meter.Name: "ArtifactPlatform", Name: "media.run.duration" }) { l.EnableMeasurementEvents(instrument); } } };
        metrics.SetMeasurementEventCallback<double>((_, _, tags, _) => { lock (measured) { measured.Add(string.Join(',', tags.ToArray().Select(tag => tag.Value))); } });
        metrics.Start();
        using var job = new Activity("job ingest").Start();

        await Assert.ThrowsAsync<MediaProcessException>(() => Process.RunAsync(
            new MediaCommand { Tool = tool, Purpose = purpose, Arguments = ["-i", "https://store/key?X-Amz-Signature=hush"], TimeLimit = TimeSpan.FromSeconds(20) }, TestContext.Current.CancellationToken));

        Activity span;
        lock (spans)
        {
            span = Assert.Single(spans, s => (string?)s.GetTagItem("media.purpose") == purpose);
        }

        Assert.Equal((program, program, exitCode, job.TraceId, job.SpanId), (span.OperationName, span.GetTagItem("process.executable.name"), (int?)span.GetTagItem("process.exit_code"), span.TraceId, span.ParentSpanId));
        Assert.DoesNotContain("hush", string.Join(' ', span.TagObjects) + span.StatusDescription, StringComparison.Ordinal);
        lock (measured)
        {
            Assert.Contains($"{program},{purpose},{outcome}", measured);
        }
    }
}
