namespace ArtifactPlatform.Core.Usage;

/// <summary>What is counted.</summary>
public enum UsageKind
{
    /// <summary>Bytes of the artifacts that are there. A level: deleting gives it back.</summary>
    StoredBytes,

    /// <summary>Milliseconds of video that were encoded in a calendar month (UTC).</summary>
    EncodeTime,

    /// <summary>Fetches of a master playlist or MPD in a calendar month (UTC).</summary>
    Views,

    /// <summary>Bytes of the artifacts that were completed; shown by day, never limited.</summary>
    IngestedBytes,
}

/// <summary>How a kind is counted.</summary>
public static class UsageKinds
{
    /// <summary>Milliseconds of one encode minute.</summary>
    public const long MillisecondsPerMinute = 60_000;

    /// <summary>Stands for "all of time"; a date far from any that something could be counted in.</summary>
    private static readonly DateOnly NoPeriod = new(1970, 1, 1);

    /// <summary>The period that is counted in at <paramref name="now"/>: the month, or none.</summary>
    public static DateOnly PeriodAt(this UsageKind kind, DateTimeOffset now) =>
        kind == UsageKind.StoredBytes ? NoPeriod : new DateOnly(now.UtcDateTime.Year, now.UtcDateTime.Month, 1);

    /// <summary>A length in the unit of <see cref="UsageKind.EncodeTime"/>; 0 where it is not known.</summary>
    public static long Milliseconds(double? seconds) => (long)((seconds ?? 0) * 1000);

    /// <summary>Whether what was used can be given back.</summary>
    public static bool IsLevel(this UsageKind kind) => kind == UsageKind.StoredBytes;
}
