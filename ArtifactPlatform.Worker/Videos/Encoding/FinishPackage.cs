using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>What is made out of finished tracks: MP4 files, pictures, waveform. All at once, since the first waits for the disk and the others for the processor.</summary>
public sealed class FinishPackage(Mp4Remuxer remuxer, Pictures pictures, Waveform waveform)
{
    /// <param name="package">As it was made in <paramref name="folder"/>.</param>
    /// <param name="folder">Holds the tracks, and gets the files.</param>
    /// <param name="store">Takes the names of files as soon as they are whole, while others are still being made.</param>
    /// <param name="ct">Ends all.</param>
    /// <returns>The package with everything named in it.</returns>
    /// <exception cref="MediaProcessException">ffmpeg could not run, was killed, or the disk is full.</exception>
    public async Task<VideoPackage> RunAsync(VideoPackage package, string folder, Func<IEnumerable<string>, CancellationToken, Task> store, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(store);
        var (remuxed, shown) = (package, package);
        await SideBySide.RunAsync(
            ct,
            token => store(package.Video.Select(v => v.Track.File).Concat(package.Audio.Select(a => a.Track.File)), token),
            async token =>
            {
                remuxed = await remuxer.RunAsync(package, folder, token);
                await store(remuxed.Video.Select(v => v.Mp4File).OfType<string>(), token);
            },
            async token =>
            {
                shown = await pictures.RunAsync(package, folder, token);
                await store(Made(folder, PackageFiles.Poster, StoryboardLayout.FileName), token);
            },
            async token =>
            {
                if (package.Audio.Count > 0)
                {
                    await waveform.RunAsync(package.Audio[0], folder, token);
                    await store([PackageFiles.Waveform], token);
                }
            });
        return remuxed with { Storyboard = shown.Storyboard, PosterSeconds = shown.PosterSeconds };
    }

    private static IEnumerable<string> Made(string folder, params string[] names) => names.Where(name => File.Exists(Path.Combine(folder, name)));
}
