using System.Diagnostics.Metrics;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Worker.Queue;
using Microsoft.Extensions.DependencyInjection;

namespace ArtifactPlatform.Tests.Unit.Queue;

public sealed class JobMetricsTests
{
    [Fact]
    public void Each_attempt_is_counted_by_kind_and_outcome()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        List<(string Name, double Value, string Tags)> seen = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter.Scope == meters) { l.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add((instrument.Name, value, Shown(tags))));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen.Add((instrument.Name, value, Shown(tags))));
        listener.Start();
        using var metrics = new JobMetrics(meters, TimeProvider.System);
        var due = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1);
        var job = new Job(JobKinds.Ingest, "subject", "company", 3, due);

        metrics.Ended(job, metrics.Started(job), "retry");

        Assert.Equal(["jobs.active job.kind=ingest", "jobs.wait job.kind=ingest", "jobs.active job.kind=ingest", "jobs.duration job.kind=ingest,job.outcome=retry"], seen.Select(s => $"{s.Name} {s.Tags}"));
        Assert.Equal((1, -1), (seen[0].Value, seen[2].Value));
        Assert.InRange(seen[1].Value, 60, 120);
    }

    private static string Shown(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
}
