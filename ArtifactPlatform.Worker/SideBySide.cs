namespace ArtifactPlatform.Worker;

/// <summary>Things that belong together and need not wait for one another.</summary>
internal static class SideBySide
{
    /// <summary>Runs all at once and waits for all; the first that fails cancels the others, and its exception is thrown.</summary>
    public static Task RunAsync(CancellationToken ct, params Func<CancellationToken, Task>[] parts) => Parallel.ForEachAsync(
        parts,
        new ParallelOptions { MaxDegreeOfParallelism = Math.Max(parts.Length, 1), CancellationToken = ct },
        async (part, token) => await part(token));
}
