using System.Globalization;
using System.Text.RegularExpressions;

namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>Looks at start whether the installed ffmpeg can do what the platform asks of it.</summary>
public sealed partial class ToolCheck(MediaProcess process)
{
    /// <summary>The first with the bit stream filters that a join needs (<c>noise=drop</c>, <c>setts</c>).</summary>
    private static readonly Version MinVersion = new(5, 1);

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private static readonly string[] Encoders = ["libx264", "libx265", "aac", "libmp3lame", "libopus", "flac", "libvpx-vp9", "pcm_s16le"];
    private static readonly string[] Muxers = ["mp4", "mov", "matroska", "webm", "mpegts", "nut", "wav", "mp3", "ipod", "flac", "ogg", "null"];
    private static readonly string[] PictureFilters = ["scale", "zscale", "tonemap", "bwdif", "signalstats", "metadata", "tile", "tpad", "fps"];
    private static readonly string[] Filters = ["noise", "setts", "h264_mp4toannexb", "hevc_mp4toannexb", "aac_adtstoasc"];

    /// <returns>What is missing, a sentence each; empty when all is well.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken ct)
    {
        try
        {
            List<string> problems = [];
            foreach (var tool in new[] { MediaTool.Ffmpeg, MediaTool.Ffprobe })
            {
                problems.AddRange(CheckVersion(tool, await AskAsync(tool, "-version", ct)));
            }

            problems.AddRange(Missing("encoder", Encoders, await AskAsync(MediaTool.Ffmpeg, "-encoders", ct)));
            problems.AddRange(Missing("muxer", Muxers, await AskAsync(MediaTool.Ffmpeg, "-muxers", ct)));
            problems.AddRange(Missing("demuxer", ["concat", .. InputArguments.Demuxers], await AskAsync(MediaTool.Ffmpeg, "-demuxers", ct)));
            problems.AddRange(Missing("filter", PictureFilters, await AskAsync(MediaTool.Ffmpeg, "-filters", ct)));
            problems.AddRange(Missing("bit stream filter", Filters, await AskAsync(MediaTool.Ffmpeg, "-bsfs", ct)));
            return problems;
        }
        catch (MediaProcessException e)
        {
            return [$"{e.Message} Install ffmpeg {MinVersion} or newer (apt-get install ffmpeg), or set Ffmpeg:FfmpegPath and Ffmpeg:FfprobePath."];
        }
    }

    /// <summary>Builds from git (<c>N-109…</c>) carry no version number and are taken as new enough.</summary>
    internal static IEnumerable<string> CheckVersion(MediaTool tool, string output)
    {
        var found = VersionLine().Match(output);
        if (!found.Success)
        {
            yield return $"{tool} did not say its version.";
        }
        else if (Version.TryParse(found.Groups["number"].Value, out var version) && version < MinVersion)
        {
            yield return $"{tool} is version {version}; {MinVersion} or newer is needed.";
        }
    }

    internal static IEnumerable<string> Missing(string kind, IEnumerable<string> needed, string listing)
    {
        // A line: flags, name or names with commas, description.
        var present = listing.Split('\n').SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2))
            .SelectMany(word => word.Split(',')).ToHashSet(StringComparer.Ordinal);
        return needed.Where(name => !present.Contains(name))
            .Select(name => string.Create(CultureInfo.InvariantCulture, $"ffmpeg lacks the {kind} {name}."));
    }

    private async Task<string> AskAsync(MediaTool tool, string question, CancellationToken ct) =>
        (await process.RunAsync(new MediaCommand { Tool = tool, Purpose = "check tools", Arguments = [question], TimeLimit = TimeLimit }, ct)).StandardOutput;

    [GeneratedRegex(@"^\w+ version (?<number>\d+\.\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex VersionLine();
}
