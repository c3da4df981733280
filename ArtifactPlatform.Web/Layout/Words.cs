using System.Globalization;

namespace ArtifactPlatform.Web.Layout;

/// <summary>Numbers and times as people read them.</summary>
public static class Words
{
    /// <summary>Where there is nothing to say.</summary>
    public const string None = "–";

    public static string Bytes(long? bytes)
    {
        if (bytes is not { } count)
        {
            return None;
        }

        if (count < 1000)
        {
            return $"{count} B";
        }

        ReadOnlySpan<string> units = ["kB", "MB", "GB", "TB", "PB"];
        var value = count / 1000d;
        var unit = 0;
        // 999.95 would be written 1000.0.
        while (value >= 999.95 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {units[unit]}");
    }

    /// <summary><c>12.5 min</c>; to the hundredth below ten.</summary>
    public static string Minutes(double minutes) => minutes < 10
        ? string.Create(CultureInfo.InvariantCulture, $"{minutes:0.##} min")
        : string.Create(CultureInfo.InvariantCulture, $"{minutes:#,0.#} min");

    public static string Count(double count) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0}");

    public static string ExactBytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes:#,0} bytes");

    /// <summary><c>0:04</c>, <c>12:30</c>, <c>1:02:03</c>; under a second <c>0.48 s</c>.</summary>
    public static string Duration(double? seconds)
    {
        if (seconds is not { } length)
        {
            return None;
        }

        if (length < 1)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{length:0.00} s");
        }

        var whole = TimeSpan.FromSeconds(Math.Round(length));
        return whole.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)whole.TotalHours}:{whole:mm\\:ss}")
            : string.Create(CultureInfo.InvariantCulture, $"{whole.Minutes}:{whole:ss}");
    }

    public static string Seconds(double? seconds) => seconds is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s:0.###} s") : None;

    public static string Milliseconds(long? milliseconds) => milliseconds switch
    {
        null => None,
        < 1000 => $"{milliseconds} ms",
        < 60_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000d:0.0} s"),
        _ => Duration(milliseconds / 1000d),
    };

    public static string BitRate(long? bitsPerSecond) => bitsPerSecond switch
    {
        null => None,
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond / 1000d:0} kbit/s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond / 1_000_000d:0.0} Mbit/s"),
    };

    public static string FrameRate(double? framesPerSecond) => framesPerSecond is { } f ? string.Create(CultureInfo.InvariantCulture, $"{f:0.###} fps") : None;

    public static string SampleRate(int? hertz) => hertz is { } hz ? string.Create(CultureInfo.InvariantCulture, $"{hz / 1000d:0.###} kHz") : None;

    public static string Channels(int? channels, string? layout) => (channels, layout) switch
    {
        (null, _) => None,
        (_, { Length: > 0 }) => $"{channels} ({layout})",
        (1, _) => "1 (mono)",
        (2, _) => "2 (stereo)",
        _ => channels.Value.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary><c>just now</c>, <c>3 min ago</c>, … up to a week; then the date.</summary>
    public static string Ago(DateTimeOffset then, DateTimeOffset now)
    {
        var age = now - then;
        return age switch
        {
            { TotalSeconds: < 45 } => "just now",
            { TotalMinutes: < 60 } => $"{Math.Max(1, (int)Math.Round(age.TotalMinutes))} min ago",
            { TotalHours: < 24 } => Plural((int)age.TotalHours, "hour") + " ago",
            { TotalDays: < 7 } => Plural((int)age.TotalDays, "day") + " ago",
            _ when then.Year == now.Year => then.UtcDateTime.ToString("d MMM", CultureInfo.InvariantCulture),
            _ => then.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture),
        };
    }

    public static string Exact(DateTimeOffset instant) => instant.UtcDateTime.ToString("d MMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    /// <param name="nouns">Of several, where that is not <paramref name="noun"/> and an s.</param>
    public static string Plural(long count, string noun, string? nouns = null) => count == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {nouns ?? noun + "s"}");
}
