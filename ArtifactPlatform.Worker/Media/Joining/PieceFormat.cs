using System.Globalization;

namespace ArtifactPlatform.Worker.Media;

/// <summary>How pieces of video are kept until they are joined: all on one clock, since the concat demuxer takes the first file's for all.</summary>
/// <param name="Muxer">Keeps that clock exactly.</param>
/// <param name="Unit">Seconds per step.</param>
internal sealed record PieceFormat(string Muxer, Rational Unit)
{
    /// <summary>Where clocks differ: 1/90000 s divides the frames of all broadcast rates evenly or to 11 µs.</summary>
    private static readonly Rational Common = new(1, 90000);

    /// <summary>NUT keeps a fine clock and makes a coarse one finer; QuickTime takes any that it is told.</summary>
    private const long NutKeepsFrom = 20000;

    private static readonly Rational Milliseconds = new(1, 1000);

    /// <param name="units">Clocks of the fragments' pictures.</param>
    /// <param name="hasSetUp">
    /// The pictures refer to a set-up. Matroska refuses them where it stands in the stream alone, as in what is encoded at a cut; it also
    /// drops decoding times, which those codecs' reordering needs.
    /// </param>
    public static PieceFormat Of(IEnumerable<Rational> units, bool hasSetUp)
    {
        var all = units.Distinct().ToList();
        return all.Count > 1 ? new("mov", Common)
            : all[0] == Milliseconds && !hasSetUp ? new("matroska", Milliseconds)
            : new(all[0].Den >= NutKeepsFrom * all[0].Num ? "nut" : "mov", all[0]);
    }

    public IReadOnlyList<string> OutputArguments => Muxer == "mov"
        ? ["-video_track_timescale", Unit.Den.ToString(CultureInfo.InvariantCulture), "-f", "mov"]
        : ["-f", Muxer];
}
