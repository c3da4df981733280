using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <param name="Path">A list for the concat demuxer.</param>
/// <param name="OffsetSeconds">Where its first file's start belongs.</param>
internal sealed record ListInput(string Path, double OffsetSeconds);

/// <summary>The arguments of the run that writes the joined file.</summary>
internal static class JoinArguments
{
    /// <param name="video">Null for sound alone.</param>
    /// <param name="sound">Null for pictures alone.</param>
    /// <param name="videoStream">Index of the pictures in the files of their list.</param>
    /// <param name="packetSamples">Samples of each sound packet where all are of one length: puts them exactly end to end, also from sources whose clock is coarse.</param>
    /// <param name="tag">Codec tag for the pictures; null = the muxer's own.</param>
    public static IReadOnlyList<string> Mux(ListInput? video, ListInput? sound, int videoStream, int? packetSamples, string? tag, JoinTarget target, string output)
    {
        List<string> arguments = ["-y", "-copyts"];
        List<string> maps = [];
        if (video is not null)
        {
            arguments.AddRange(Open(video));
            maps.AddRange(["-map", string.Create(CultureInfo.InvariantCulture, $"0:{videoStream}")]);
        }

        if (sound is not null)
        {
            arguments.AddRange(Open(sound));
            maps.AddRange(["-map", video is null ? "0:a:0" : "1:a:0"]);
        }

        arguments.AddRange([.. maps, "-c", "copy", "-max_interleave_delta", "0"]);
        if (sound is not null && target.IsMp4 && packetSamples is { } samples)
        {
            arguments.AddRange(["-bsf:a", string.Create(CultureInfo.InvariantCulture, $"setts=ts='STARTPTS+round((TS-STARTPTS)/{samples})*{samples}'")]);
        }

        if (tag is not null)
        {
            arguments.AddRange(["-tag:v", tag]);
        }

        return [.. arguments, .. Container(target), "-f", target.Muxer, InputArguments.FileUrl(output)];
    }

    /// <param name="encoder">Copies, or names the encoder.</param>
    public static IReadOnlyList<string> MuxSamples(ListInput sound, IReadOnlyList<string> encoder, JoinTarget target, string output) =>
        ["-y", .. Open(sound), "-map", "0:a:0", .. encoder, .. Container(target), "-f", target.Muxer, InputArguments.FileUrl(output)];

    private static IEnumerable<string> Open(ListInput list) =>
        ["-itsoffset", list.OffsetSeconds.ToString("0.000000", CultureInfo.InvariantCulture), .. InputArguments.ForConcatList(list.Path)];

    private static IReadOnlyList<string> Container(JoinTarget target) =>
        target.IsMp4 ? ["-movflags", "+faststart"] : target.Muxer == "wav" ? ["-rf64", "auto"] : [];
}
