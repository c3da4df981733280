using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>What is made out of finished tracks: MP4 files, pictures, waveform. All at once, since the first waits for the disk and the others for the processor.</summary>
public sealed class FinishPackage(Mp4Remuxer remuxer, Pictures pictures, Waveform waveform)
{
    /// <param name="package">As it was made in <paramref name="folder"/>.</param>
    /// <param name="folder">Holds the tracks, and gets the files.</param>
    /// <param name="ct">Ends all.</param>
    /// <returns>The package with everything named in it.</returns>
    /// <exception cref="MediaProcessException">ffmpeg could not run, was killed, or the disk is full.</exception>
    public async Task<VideoPackage> RunAsync(VideoPackage package, string folder, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(package);
        var remuxed = remuxer.RunAsync(package, folder, ct);
        var pictured = pictures.RunAsync(package, folder, posterSeconds: null, ct);
        var drawn = package.Audio.Count > 0 ? waveform.RunAsync(package.Audio[0], folder, ct) : Task.CompletedTask;
        await Task.WhenAll(remuxed, pictured, drawn);
        var shown = await pictured;
        return (await remuxed) with { Storyboard = shown.Storyboard, PosterSeconds = shown.PosterSeconds };
    }
}
