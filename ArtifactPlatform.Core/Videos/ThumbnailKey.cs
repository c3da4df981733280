using System.Globalization;
using ArtifactPlatform.Core.Storage;

namespace ArtifactPlatform.Core.Videos;

/// <summary>One frame of one package: made once, then kept next to it.</summary>
/// <param name="Seconds">In steps of a tenth, so that their number is bounded by the video's length. See <see cref="RoundDown"/>.</param>
/// <param name="Width">One of <see cref="Widths"/>.</param>
public sealed record ThumbnailKey(string VideoId, string Package, decimal Seconds, int Width)
{
    /// <summary>Pixels. Asked-for widths are rounded up to these, so that a video has few files for one moment.</summary>
    public static readonly IReadOnlyList<int> Widths = [160, 320, 640, 960, 1280, 1920];

    /// <summary>Where the frame stands.</summary>
    public string S3Key => ObjectKeys.PackageFile(VideoId, Package, string.Create(CultureInfo.InvariantCulture, $"frames/{Seconds:0.#}_{Width}.jpg"));

    /// <returns>The tenth of a second that a time falls into.</returns>
    public static decimal RoundDown(double seconds) => Math.Floor((decimal)seconds * 10) / 10;

    public static int RoundUp(int width) => Widths.FirstOrDefault(w => w >= width, Widths[^1]);

    /// <summary>As a job's subject.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{VideoId}/{Package}/{Seconds:0.#}/{Width}");

    /// <exception cref="FormatException"><paramref name="text"/> was not written by <see cref="ToString"/>.</exception>
    public static ThumbnailKey Parse(string text) => text.Split('/') is [var video, var package, var seconds, var width]
        ? new ThumbnailKey(video, package, decimal.Parse(seconds, CultureInfo.InvariantCulture), int.Parse(width, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' names no frame.");
}
