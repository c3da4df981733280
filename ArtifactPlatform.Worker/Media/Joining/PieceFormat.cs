using System.Globalization;

namespace ArtifactPlatform.Worker.Media;

/// <summary>How pieces of video are kept until they are joined: all on one clock, since the concat demuxer takes the first file's for all.</summary>
/// <param name="Muxer">Keeps that clock exactly.</param>
/// <param name="Unit">Seconds per step.</param>
internal sealed record PieceFormat(string Muxer, Rational Unit)
{
    /// <summary>Where clocks differ: 1/90000 s divides the frames of all broadcast rates evenly or to 11 µs.</summary>
    private static readonly Rational Common = new(1, 90000);

    /// <summary>NUT makes a coarser clock finer, so those go to QuickTime, which keeps any.</summary>
    private const long NutKeepsFrom = 20000;

    private static readonly Rational Milliseconds = new(1, 1000);

    public static PieceFormat Of(IEnumerable<Rational> units)
    {
        var all = units.Distinct().ToList();
        var unit = all.Count == 1 ? all[0] : Common;
        return new(unit == Milliseconds ? "matroska" : unit.Den >= NutKeepsFrom * unit.Num ? "nut" : "mov", unit);
    }

    public IReadOnlyList<string> OutputArguments => Muxer == "mov"
        ? ["-video_track_timescale", Unit.Den.ToString(CultureInfo.InvariantCulture), "-f", "mov"]
        : ["-f", Muxer];
}
