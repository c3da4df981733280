using System.Globalization;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Checks a fragment's cut against its length.</summary>
internal static class CutPoints
{
    /// <param name="fragment">With its cut, seconds from the source's start.</param>
    /// <param name="length">Of the source, seconds.</param>
    /// <param name="tolerance">By how much the out point may lie behind the end: one frame, as times are rounded.</param>
    /// <exception cref="MediaRejectedException">The cut lies outside or is empty.</exception>
    public static (double In, double Out) Of(LocalFragment fragment, double length, double tolerance)
    {
        var cutIn = fragment.InPoint ?? 0;
        var cutOut = fragment.OutPoint ?? length;
        return cutIn < 0 || cutIn >= length ? throw Outside(fragment, "inPoint", cutIn, length)
            : cutOut > length + tolerance ? throw Outside(fragment, "outPoint", cutOut, length)
            : cutOut <= cutIn ? throw new MediaRejectedException(
                RejectionCodes.FragmentCutOutside,
                string.Create(CultureInfo.InvariantCulture, $"fragments[{fragment.Index}] ends (outPoint {cutOut:0.###} s) before it begins (inPoint {cutIn:0.###} s)."),
                $"fragments[{fragment.Index}].outPoint")
            : (cutIn, Math.Min(cutOut, length));
    }

    /// <summary>The refusal of a cut both ends of which go to the same place.</summary>
    /// <param name="fragment">With its cut.</param>
    /// <param name="what">What a cut goes between: <c>picture</c> or <c>sample</c>.</param>
    /// <param name="earliestOut">Where to cut out at the earliest, seconds from the source's start; null when nothing begins any more where it is cut in.</param>
    /// <param name="latestIn">Where to cut in at the latest, likewise.</param>
    public static MediaRejectedException Empty(LocalFragment fragment, string what, double? earliestOut, double latestIn)
    {
        var (field, at, change) = earliestOut is { } earliest
            ? ("outPoint", fragment.OutPoint, string.Create(CultureInfo.InvariantCulture, $"at least {earliest:0.######}"))
            : ("inPoint", fragment.InPoint, string.Create(CultureInfo.InvariantCulture, $"at most {latestIn:0.######}"));
        return new(
            RejectionCodes.FragmentCutOutside,
            string.Create(CultureInfo.InvariantCulture, $"fragments[{fragment.Index}].{field} is {at:0.######} s, which leaves nothing: a cut goes to the nearest {what}. Set it to {change} s, or leave the fragment out."),
            $"fragments[{fragment.Index}].{field}");
    }

    private static MediaRejectedException Outside(LocalFragment fragment, string field, double at, double length) => new(
        RejectionCodes.FragmentCutOutside,
        string.Create(CultureInfo.InvariantCulture, $"fragments[{fragment.Index}].{field} is {at:0.###} s, but the file is only {length:0.###} s long."),
        $"fragments[{fragment.Index}].{field}");
}
