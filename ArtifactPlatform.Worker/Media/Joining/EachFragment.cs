namespace ArtifactPlatform.Worker.Media;

/// <summary>Runs a step for each fragment, a few at a time.</summary>
internal static class EachFragment
{
    public static Task RunAsync(int count, int maxParallel, Func<int, CancellationToken, ValueTask> step, CancellationToken ct) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = maxParallel, CancellationToken = ct }, step);
}
