using System.Globalization;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Makes a progressive MP4 of each rung with the default sound, index first, out of a finished package: nothing is encoded.</summary>
public sealed class Mp4Remuxer(MediaProcess process)
{
    /// <param name="package">As it was made in <paramref name="folder"/>.</param>
    /// <param name="folder">Holds the tracks, and gets the MP4 files.</param>
    /// <param name="ct">Ends the run.</param>
    /// <returns>The package with names and sizes of the MP4 files; as it is for sound alone.</returns>
    /// <exception cref="MediaProcessException">ffmpeg could not run, was killed, or the disk is full.</exception>
    public async Task<VideoPackage> RunAsync(VideoPackage package, string folder, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Video.Count == 0)
        {
            return package;
        }

        await process.RunAsync(new MediaCommand { Tool = MediaTool.Ffmpeg, Purpose = "remux", Arguments = Arguments(package, folder, process.Options), TimeLimit = process.Options.EncodeTimeLimit }, ct);
        return package with { Video = [.. package.Video.Select(video => video with { Mp4File = Name(video), Mp4Size = new FileInfo(Path.Combine(folder, Name(video))).Length })] };
    }

    /// <summary>All rungs in one run, so that the sound is read once.</summary>
    internal static IReadOnlyList<string> Arguments(VideoPackage package, string folder, FfmpegOptions options)
    {
        // Times are taken as they are: each input's own start is the coder's delay, which the edit lists take off.
        List<string> arguments = ["-y", "-copyts"];
        foreach (var track in package.Video.Select(video => video.Track).Concat(package.Audio.Take(1).Select(audio => audio.Track)))
        {
            arguments.AddRange(InputArguments.For(MediaInput.FromFile(Path.Combine(folder, track.File)), options));
        }

        for (var i = 0; i < package.Video.Count; i++)
        {
            arguments.AddRange(["-map", $"{Number(i)}:v"]);
            if (package.Audio.Count > 0)
            {
                arguments.AddRange(["-map", $"{Number(package.Video.Count)}:a"]);
            }

            arguments.AddRange(["-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1", "-f", "mp4", "-movflags", "+faststart", InputArguments.FileUrl(Path.Combine(folder, Name(package.Video[i])))]);
        }

        return arguments;
    }

    private static string Name(VideoRendition video) => $"{Number(video.Rung)}.mp4";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
