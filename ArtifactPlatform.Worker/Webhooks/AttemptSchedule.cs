namespace ArtifactPlatform.Worker.Webhooks;

/// <summary>When a delivery is tried: the contract's ten steps over three days, as the Standard Webhooks specification proposes them.</summary>
internal static class AttemptSchedule
{
    /// <summary>What failed together does not return together; it only ever comes later, so that the tenth attempt lies behind the three days of an endpoint that fails.</summary>
    private const double MaxJitter = 0.1;

    /// <summary>The wait before each attempt behind the first, counted from the one before.</summary>
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    public static int MaxAttempts { get; } = Waits.Length + 1;

    /// <summary>The wait after a failed attempt.</summary>
    /// <param name="attempt">From 1; those beside the schedule are not counted.</param>
    /// <param name="random">0 to 1.</param>
    /// <returns>Null after the last.</returns>
    public static TimeSpan? WaitAfter(int attempt, double random) => attempt < MaxAttempts ? Waits[attempt - 1] * (1 + (MaxJitter * random)) : null;
}
