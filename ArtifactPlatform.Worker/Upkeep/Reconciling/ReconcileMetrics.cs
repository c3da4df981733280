using System.Diagnostics.Metrics;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.ServiceDefaults;

namespace ArtifactPlatform.Worker.Upkeep.Reconciling;

/// <summary>What the last whole pass over the bucket found, as OpenTelemetry metrics. Every worker tells the same, whichever of them reconciles.</summary>
public sealed class ReconcileMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> removed;
    private StoragePass? last;

    public ReconcileMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meter = meters.Create(ServiceDefaultsExtensions.TelemetryName);
        removed = meter.CreateCounter<long>("storage.orphans.removed", "{object}", "Objects without rows that were removed.");
        Gauge("storage.objects", "{object}", "Objects in the bucket.", pass => pass.LastObjects);
        Gauge("storage.orphans", "{object}", "Objects without rows, those among them that were removed.", pass => pass.LastOrphans);
        Gauge("storage.orphans.size", "By", "Bytes of objects without rows.", pass => pass.LastOrphanBytes);
        Gauge("storage.missing", "{row}", "Rows whose object is not in the store.", pass => pass.LastMissing);
    }

    public void Show(StoragePass pass) => Volatile.Write(ref last, pass);

    public void CountRemoved(int objects) => removed.Add(objects);

    public void Dispose() => meter.Dispose();

    /// <summary>Says nothing until a pass is through: 0 would claim that all is well.</summary>
    private void Gauge(string name, string unit, string description, Func<StoragePass, long> value) => meter.CreateObservableGauge(
        name,
        () => Volatile.Read(ref last) is { FinishedAt: not null } pass ? [new Measurement<long>(value(pass))] : Array.Empty<Measurement<long>>(),
        unit,
        description);
}
