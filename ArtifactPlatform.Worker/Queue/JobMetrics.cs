using System.Diagnostics.Metrics;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.ServiceDefaults;

namespace ArtifactPlatform.Worker.Queue;

/// <summary>How this worker gets through its jobs, as OpenTelemetry metrics by kind of job.</summary>
public sealed class JobMetrics : IDisposable
{
    private readonly TimeProvider clock;
    private readonly Meter meter;
    private readonly UpDownCounter<long> active;
    private readonly Histogram<double> wait;
    private readonly Histogram<double> duration;

    public JobMetrics(IMeterFactory meters, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(meters);
        this.clock = clock;
        meter = meters.Create(ServiceDefaultsExtensions.TelemetryName);
        active = meter.CreateUpDownCounter<long>("jobs.active", "{job}", "Jobs that run in this worker.");
        wait = meter.CreateHistogram<double>("jobs.wait", "s", "Time from when a job was due to when a worker claimed it.");
        duration = meter.CreateHistogram<double>("jobs.duration", "s", "Time that one attempt took, by its outcome.");
    }

    /// <summary>A claimed job begins to run.</summary>
    /// <returns>Its start, for <see cref="Ended"/>.</returns>
    public long Started(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        active.Add(1, Kind(job));
        wait.Record(Math.Max(0, (clock.GetUtcNow() - job.RunAfter).TotalSeconds), Kind(job));
        return clock.GetTimestamp();
    }

    /// <param name="outcome"><c>done</c>, <c>retry</c>, <c>dead</c>, <c>handed_back</c> or <c>lease_lost</c>; null when settling the job failed.</param>
    public void Ended(Job job, long started, string? outcome)
    {
        ArgumentNullException.ThrowIfNull(job);
        active.Add(-1, Kind(job));
        duration.Record(clock.GetElapsedTime(started).TotalSeconds, Kind(job), new("job.outcome", outcome ?? "not_settled"));
    }

    public void Dispose() => meter.Dispose();

    private static KeyValuePair<string, object?> Kind(Job job) => new("job.kind", job.Kind);
}
