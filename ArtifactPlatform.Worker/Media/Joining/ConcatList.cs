using System.Globalization;
using System.Text;

namespace ArtifactPlatform.Worker.Media;

/// <summary>A file's place in a list for ffmpeg's concat demuxer.</summary>
/// <param name="Path">Full path.</param>
/// <param name="StartsAt">Seconds on the joined timeline where its first packet goes.</param>
/// <param name="Lead">Seconds between what ffmpeg takes as the file's start and that packet.</param>
internal sealed record ConcatEntry(string Path, double StartsAt, double Lead = 0);

/// <summary>Writes the list. The demuxer adds durations up in whole microseconds, so each is the difference of two rounded places: no error adds up.</summary>
internal static class ConcatList
{
    private const double Million = 1_000_000;

    /// <param name="entries">In order.</param>
    /// <param name="endsAt">Seconds on the joined timeline.</param>
    public static string Of(IReadOnlyList<ConcatEntry> entries, double endsAt)
    {
        var text = new StringBuilder("ffconcat version 1.0\n");
        for (var i = 0; i < entries.Count; i++)
        {
            var next = i + 1 < entries.Count ? FileStart(entries[i + 1]) : Micros(endsAt);
            var duration = Math.Max(next - FileStart(entries[i]), 1);
            text.Append("file ").Append(Quote(Ffmpeg.InputArguments.FileUrl(entries[i].Path))).Append('\n')
                .Append(CultureInfo.InvariantCulture, $"duration {duration / 1_000_000}.{duration % 1_000_000:000000}\n");
        }

        return text.ToString();
    }

    /// <summary>Where the demuxer, which begins at 0 with the first file's start, must be moved to.</summary>
    public static double Offset(IReadOnlyList<ConcatEntry> entries) => FileStart(entries[0]) / Million;

    /// <summary>Within quotes only the quote itself is special: it is left, escaped, and entered again (ffmpeg-utils, "Quoting and escaping").</summary>
    internal static string Quote(string text) => text.AsSpan().ContainsAny('\n', '\r')
        ? throw new ArgumentException("A path in a list can't hold a line end.", nameof(text))
        : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static long FileStart(ConcatEntry entry) => Micros(entry.StartsAt - entry.Lead);

    private static long Micros(double seconds) => (long)Math.Round(seconds * Million);
}
