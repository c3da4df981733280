using System.Globalization;
using ArtifactPlatform.Client.Docks;

namespace ArtifactPlatform.Web.Docks;

/// <summary>What docks say, as people read and write it.</summary>
public static class DockWords
{
    /// <summary>The largest limit in the form's unit, rounded down so that it is never too much.</summary>
    public const int MaxMegabytes = (int)(DockObject.LargestMaxSizeBytes / BytesPerMegabyte);

    private const int BytesPerMegabyte = 1_000_000;

    private const int ShownHashDigits = 12;

    public static string ToMegabytes(long bytes) => (bytes / (decimal)BytesPerMegabyte).ToString("0.######", CultureInfo.InvariantCulture);

    public static long ToBytes(decimal megabytes) => (long)(megabytes * BytesPerMegabyte);

    /// <summary>Enough of a hash to compare by eye.</summary>
    public static string Short(string hash) => hash["sha256:".Length..][..ShownHashDigits] + "…";
}
