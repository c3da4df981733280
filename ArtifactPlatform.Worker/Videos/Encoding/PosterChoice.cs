using System.Globalization;
using ArtifactPlatform.Core.Videos;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Picks the frame that stands for a video, by brightness, contrast and colour. Pure.</summary>
internal static class PosterChoice
{
    /// <param name="statistics">What <c>signalstats,metadata=print</c> wrote of a storyboard's tiles: a line with the time, then a line a number.</param>
    /// <param name="sheet">The storyboard.</param>
    /// <returns>Seconds; 0 when there is nothing to choose from.</returns>
    public static double Best(string statistics, Storyboard sheet)
    {
        List<Frame> frames = [];
        foreach (var line in statistics.Split('\n'))
        {
            if (line.StartsWith("frame:", StringComparison.Ordinal))
            {
                frames.Add(new(frames.Count * sheet.IntervalSeconds));
            }
            else if (frames.Count > 0)
            {
                var frame = frames[^1];
                frames[^1] = line switch
                {
                    _ when Number(line, "signalstats.YAVG=") is { } average => frame with { Average = average },
                    _ when Number(line, "signalstats.YLOW=") is { } low => frame with { Low = low },
                    _ when Number(line, "signalstats.YHIGH=") is { } high => frame with { High = high },
                    _ when Number(line, "signalstats.SATAVG=") is { } colour => frame with { Colour = colour },
                    _ => frame,
                };
            }
        }

        // The first of equals: titles and faces come early, credits late.
        return frames.Count == 0 ? 0 : frames.Take(sheet.Count).MaxBy(frame => Math.Round(frame.Score, 0))?.Time ?? 0;
    }

    private static double? Number(string line, string name)
    {
        var at = line.IndexOf(name, StringComparison.Ordinal);
        var text = at < 0 ? "" : line[(at + name.Length)..].Trim();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Luma from 0 (black) to 255 (white), as a JPEG has it.</summary>
    /// <param name="Low">Nine of ten pixels are brighter.</param>
    /// <param name="High">Nine of ten pixels are darker.</param>
    /// <param name="Colour">Mean saturation, 0 to 181.</param>
    private sealed record Frame(double Time, double Average = 0, double Low = 0, double High = 0, double Colour = 0)
    {
        private const double MidGrey = 110;

        public double Score => (High - Low) + Math.Min(Colour, 60) - Math.Abs(Average - MidGrey);
    }
}
