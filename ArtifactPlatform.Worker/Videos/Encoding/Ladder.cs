namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>One size to encode.</summary>
/// <param name="Name">The short side in pixels, which people call it by.</param>
/// <param name="Width">Pixels, even; so is <paramref name="Height"/>.</param>
/// <param name="Kbps">Target in kb/s, which the encoder may stay below and not go above for long.</param>
public sealed record Rung(int Name, int Width, int Height, int Kbps);

/// <summary>Which sizes a source is offered in.</summary>
public static class Ladder
{
    /// <summary>By the short side.</summary>
    private static readonly int[] Standard = [2160, 1440, 1080, 720, 480, 360, 240];

    /// <summary>Pixels: hardware decoders of H.264 stop there, and level 5.2 not far behind.</summary>
    public const int MaxLongSide = 4096;

    /// <summary>Frames a second of what is written.</summary>
    public const double MaxFrameRate = 60;

    /// <summary>A rung closer below the top than this brings nobody anything.</summary>
    private const double NearTop = 0.9;

    /// <param name="width">Pixels as shown; so is <paramref name="height"/>.</param>
    /// <param name="frameRate">Frames a second.</param>
    /// <param name="quality"><c>original</c> or a cap from <c>480p</c> to <c>4K</c>; null = <c>original</c>.</param>
    /// <returns>Highest first, at least one; never larger than the source but to make a side of one pixel two.</returns>
    public static IReadOnlyList<Rung> For(int width, int height, double frameRate, string? quality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var (shorter, longer) = (Math.Min(width, height), Math.Max(width, height));
        var top = Math.Min(Math.Min(shorter, Cap(quality)), Standard[0]);
        if ((long)longer * top > (long)MaxLongSide * shorter)
        {
            top = Math.Max(1, (int)((long)MaxLongSide * shorter / longer));
        }

        return [.. Standard.Where(side => side <= top * NearTop).Prepend(top).Select(side => At(side, width, height, frameRate))];
    }

    /// <returns>Pixels of the short side.</returns>
    /// <exception cref="ArgumentException">Not a quality.</exception>
    public static int Cap(string? quality) => quality?.ToUpperInvariant() switch
    {
        null or "ORIGINAL" => int.MaxValue,
        "480P" => 480,
        "720P" => 720,
        "1080P" => 1080,
        "1440P" => 1440,
        "4K" => 2160,
        _ => throw new ArgumentException("Not a quality.", nameof(quality)),
    };

    /// <summary>
    /// 5 Mb/s for 1080p at 30 frames/s; with size by the power of 0.8, since neighbouring pixels resemble each other more in a large
    /// picture, and with the rate by the power of 0.6, since neighbouring frames do in a fast one.
    /// </summary>
    /// <returns>kb/s.</returns>
    public static int Kbps(int width, int height, double frameRate)
    {
        const double Reference = 5000;
        const int Least = 60;
        var size = Math.Pow(width * (double)height / (1920 * 1080), 0.8);
        var rate = Math.Pow(Math.Clamp(frameRate, 10, MaxFrameRate) / 30, 0.6);
        return Math.Max(Least, (int)Math.Round(Reference * size * rate / 10) * 10);
    }

    private static Rung At(int side, int width, int height, double frameRate)
    {
        var scale = side / (double)Math.Min(width, height);
        var (evenWidth, evenHeight) = (Even(width * scale, width), Even(height * scale, height));
        return new(Math.Min(evenWidth, evenHeight), evenWidth, evenHeight, Kbps(evenWidth, evenHeight, frameRate));
    }

    /// <summary>4:2:0 halves both directions.</summary>
    private static int Even(double size, int source) => Math.Max(2, Math.Min((int)Math.Round(size / 2) * 2, source / 2 * 2));
}
