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

    private static MediaRejectedException Outside(LocalFragment fragment, string field, double at, double length) => new(
        RejectionCodes.FragmentCutOutside,
        string.Create(CultureInfo.InvariantCulture, $"fragments[{fragment.Index}].{field} is {at:0.###} s, but the file is only {length:0.###} s long."),
        $"fragments[{fragment.Index}].{field}");
}
