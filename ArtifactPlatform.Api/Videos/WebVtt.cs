using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ArtifactPlatform.Api.Videos;

/// <summary>
/// Turns SRT or WebVTT into WebVTT that players take: the header, each cue with its times in WebVTT's form, nothing else that could
/// be misread. Settings, styles and notes of a WebVTT file stay as they are.
/// </summary>
internal static partial class WebVtt
{
    private const string Header = "WEBVTT";

    /// <returns>The text, or what is wrong with it.</returns>
    public static (string? Vtt, string Problem) From(string text)
    {
        var blocks = BlankLines().Split(text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Trim('\n'));
        var isVtt = blocks[0].StartsWith(Header, StringComparison.Ordinal);
        var output = new StringBuilder(isVtt ? blocks[0] : Header).Append("\n\n");
        var cues = 0;
        foreach (var block in blocks.Skip(isVtt ? 1 : 0).Where(b => b.Trim().Length > 0))
        {
            var lines = block.Trim('\n').Split('\n');
            var at = Array.FindIndex(lines, line => line.Contains("-->", StringComparison.Ordinal));
            if (at < 0)
            {
                if (!isVtt)
                {
                    return (null, $"The block that begins with \"{Shortened(lines[0])}\" has no times. SRT has a number, a line like 00:00:01,000 --> 00:00:02,500, and the text.");
                }

                output.Append(block).Append("\n\n");
                continue;
            }

            if (Times().Match(lines[at]) is not { Success: true } times || Seconds(times, "from") > Seconds(times, "to"))
            {
                return (null, $"The times in \"{Shortened(lines[at])}\" can't be read, or end before they begin.");
            }

            output.Append(Written(times, "from")).Append(" --> ").Append(Written(times, "to")).Append(times.Groups["settings"].Value).Append('\n')
                .AppendJoin('\n', isVtt ? lines[(at + 1)..] : lines[(at + 1)..].Select(FromSrt)).Append("\n\n");
            cues++;
        }

        return cues == 0 ? (null, "There is not one caption in it. It must be SRT or WebVTT.") : (output.ToString(), "");
    }

    /// <summary>SRT is plain text with a few tags: bold, italic and underlined mean the same in WebVTT; what else would be markup there is text, or, as fonts and positions, left out.</summary>
    private static string FromSrt(string line) => Markup().Replace(OtherTags().Replace(line, ""), mark => mark.Value switch
    {
        "&" => "&amp;",
        "<" => "&lt;",
        ">" => "&gt;",
        var kept => kept.ToLowerInvariant(),
    });

    private static double Seconds(Match times, string side) => TimeSpan.ParseExact(Written(times, side), @"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture).TotalSeconds;

    /// <summary>With hours, and three decimals behind a dot.</summary>
    private static string Written(Match times, string side) =>
        $"{(times.Groups[side + "H"] is { Length: > 0 } hours ? hours.Value.PadLeft(2, '0') : "00")}:{times.Groups[side + "M"]}:{times.Groups[side + "S"]}.{times.Groups[side + "F"].Value.PadRight(3, '0')}";

    private static string Shortened(string line) => line.Length > 60 ? line[..60] + "…" : line;

    [GeneratedRegex(@"</?font[^>]*>|\{\\[^}]*\}", RegexOptions.IgnoreCase)]
    private static partial Regex OtherTags();

    /// <summary>The longer ones first: tags and entities that stay, then what only looks like their beginning or end.</summary>
    [GeneratedRegex("</?[biu]>|&(?:amp|lt|gt|nbsp|lrm|rlm);|[&<>]", RegexOptions.IgnoreCase)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\n[ \t]*\n+")]
    private static partial Regex BlankLines();

    [GeneratedRegex(@"^\s*(?:(?<fromH>\d{1,2}):)?(?<fromM>[0-5]\d):(?<fromS>[0-5]\d)[.,](?<fromF>\d{1,3})\s*-->\s*(?:(?<toH>\d{1,2}):)?(?<toM>[0-5]\d):(?<toS>[0-5]\d)[.,](?<toF>\d{1,3})(?<settings>(?:\s+[a-z]+:\S+)*)\s*$")]
    private static partial Regex Times();
}
