using System.Globalization;

namespace ArtifactPlatform.Worker.Media;

/// <summary>A fraction as ffmpeg writes it: <c>30000/1001</c> or <c>4:3</c>.</summary>
internal readonly record struct Rational(long Num, long Den)
{
    public double Value => (double)Num / Den;

    /// <summary>Null for <c>0/0</c>, <c>0/1</c>, <c>N/A</c> and nothing.</summary>
    public static Rational? Parse(string? text)
    {
        var at = text?.IndexOfAny(['/', ':']) ?? -1;
        return text is not null && at > 0
            && long.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var num)
            && long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var den)
            && num > 0 && den > 0
            ? new Rational(num, den)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Num}/{Den}");
}
