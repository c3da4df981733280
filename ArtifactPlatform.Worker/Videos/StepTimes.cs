using System.Collections.Concurrent;
using System.Globalization;

namespace ArtifactPlatform.Worker.Videos;

/// <summary>When each step of a run ended; from any thread.</summary>
public sealed class StepTimes(TimeProvider clock)
{
    private readonly long started = clock.GetTimestamp();
    private readonly ConcurrentQueue<string> marks = [];

    public void Mark(string step) => marks.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{step} {clock.GetElapsedTime(started).TotalSeconds:0.0}"));

    public override string ToString() => string.Join(", ", marks);
}
