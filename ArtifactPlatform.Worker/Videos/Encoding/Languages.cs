namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Media files name languages by ISO 639-2 (three letters, some in two forms); players want BCP 47 (two where there are two).</summary>
internal static class Languages
{
    public const string Undetermined = "und";

    private const int MaxNameLength = 100;

    /// <summary>Codes of ISO 639-2, BCP 47, English name.</summary>
    private static readonly Dictionary<string, (string Tag, string Name)> Known = Table(
        "ara ar Arabic", "ben bn Bengali", "bul bg Bulgarian", "cat ca Catalan", "ces cs Czech", "cze cs Czech", "chi zh Chinese", "zho zh Chinese",
        "dan da Danish", "deu de German", "ger de German", "dut nl Dutch", "nld nl Dutch", "ell el Greek", "gre el Greek", "eng en English",
        "est et Estonian", "eus eu Basque", "baq eu Basque", "fas fa Persian", "per fa Persian", "fin fi Finnish", "fra fr French", "fre fr French",
        "gle ga Irish", "glg gl Galician", "heb he Hebrew", "hin hi Hindi", "hrv hr Croatian", "hun hu Hungarian", "ice is Icelandic", "isl is Icelandic",
        "ind id Indonesian", "ita it Italian", "jpn ja Japanese", "kor ko Korean", "lav lv Latvian", "lit lt Lithuanian", "may ms Malay", "msa ms Malay",
        "nor no Norwegian", "nob nb Norwegian", "nno nn Norwegian", "pol pl Polish", "por pt Portuguese", "ron ro Romanian", "rum ro Romanian", "rus ru Russian",
        "slk sk Slovak", "slo sk Slovak", "slv sl Slovenian", "spa es Spanish", "srp sr Serbian", "swa sw Swahili", "swe sv Swedish", "tam ta Tamil",
        "tel te Telugu", "tha th Thai", "tur tr Turkish", "ukr uk Ukrainian", "urd ur Urdu", "vie vi Vietnamese", "wel cy Welsh", "cym cy Welsh");

    /// <returns>BCP 47; <see cref="Undetermined"/> when nothing sensible is given.</returns>
    public static string Tag(string? language)
    {
        var parts = (language ?? "").Replace('_', '-').Split('-');
        var first = parts[0].ToLowerInvariant();
        if (first.Length is not (2 or 3) || !first.All(char.IsAsciiLetter) || first is Undetermined or "mul" or "zxx" or "mis")
        {
            return Undetermined;
        }

        // A region or script stays; what is no such thing goes.
        var rest = parts.Skip(1).TakeWhile(part => part.Length is >= 2 and <= 8 && part.All(char.IsAsciiLetterOrDigit)).Take(2);
        return string.Join('-', rest.Prepend(Known.TryGetValue(first, out var known) ? known.Tag : first));
    }

    /// <returns>English name, or the tag where it is not known; null when the file does not say.</returns>
    public static string? Name(string? language) => Tag(language) switch
    {
        Undetermined => null,
        var tag => Known.Values.FirstOrDefault(known => known.Tag == tag.Split('-')[0]).Name ?? tag,
    };

    /// <returns>A title on one line, without quotes that a playlist could not hold; null when nothing is left.</returns>
    public static string? Clean(string? title)
    {
        var text = new string([.. (title ?? "").Select(c => char.IsControl(c) ? ' ' : c == '"' ? '\'' : c).Take(MaxNameLength)]).Trim();
        return text.Length > 0 ? text : null;
    }

    private static Dictionary<string, (string Tag, string Name)> Table(params string[] lines) =>
        lines.Select(line => line.Split(' ')).ToDictionary(words => words[0], words => (words[1], words[2]), StringComparer.Ordinal);
}
