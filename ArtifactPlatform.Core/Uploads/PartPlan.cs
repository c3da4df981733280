namespace ArtifactPlatform.Core.Uploads;

/// <summary>How a file is cut into parts. Pure arithmetic over S3's limits: at most 10,000 parts, each but the last at least 5 MiB.</summary>
public static class PartPlan
{
    public const int MaxParts = 10_000;

    private const long MiB = 1L << 20;

    /// <summary>16 MiB: small enough that losing one on a bad line costs seconds, large enough that round trips don't show.</summary>
    private const long UsualPartBytes = 16 * MiB;

    /// <summary>The size of every part but the last: whole MiB, the usual 16 until more than 10,000 of those would be needed.</summary>
    /// <param name="fileBytes">1 to <see cref="UploadLimits.MaxFileBytes"/>.</param>
    public static long SizeFor(long fileBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fileBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fileBytes, UploadLimits.MaxFileBytes);
        var least = (fileBytes + MaxParts - 1) / MaxParts;
        return Math.Max(UsualPartBytes, (least + MiB - 1) / MiB * MiB);
    }

    public static int CountOf(long fileBytes, long partBytes) => (int)((fileBytes + partBytes - 1) / partBytes);

    /// <summary>Bytes of one part.</summary>
    /// <param name="number">From 1.</param>
    public static long SizeOf(int number, long fileBytes, long partBytes) => Math.Min(partBytes, fileBytes - ((number - 1) * partBytes));
}
