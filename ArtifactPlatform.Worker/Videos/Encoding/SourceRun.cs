using System.Text.RegularExpressions;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Runs ffmpeg or ffprobe over a source, and tells a bad file from a store or machine in trouble.</summary>
public sealed partial class SourceRun(MediaProcess process, ReadMedia media)
{
    public FfmpegOptions Options => process.Options;

    /// <exception cref="MediaRejectedException">The file is at fault; says why.</exception>
    /// <exception cref="MediaSourceException">The store does not give the bytes at the moment.</exception>
    /// <exception cref="MediaProcessException">The program could not run, was killed from outside, or the disk is full.</exception>
    public async Task<MediaRun> RunAsync(MediaInput input, MediaCommand command, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(input);
        try
        {
            var run = await process.RunAsync(command, ct);
            return input.Url is not null && Network().IsMatch(run.LastLines) ? throw new MediaSourceException("The store broke off while the file was read.") : run;
        }
        catch (MediaProcessException e) when (e.Failure is not (MediaFailure.NotStarted or MediaFailure.Killed) && !e.LastLines.Contains("No space left", StringComparison.Ordinal))
        {
            if (input.Url is not null && Network().IsMatch(e.LastLines))
            {
                throw new MediaSourceException("The file can't be read from the store at the moment.", e);
            }

            // The last doubt: a store that has just gone down, or a file that is not what it was.
            await media.HeadersAsync(input, ct);
            throw Explain(e);
        }
    }

    private static MediaRejectedException Explain(MediaProcessException e) => e.Failure switch
    {
        MediaFailure.TimeLimit => new(VideoRejections.TooExpensive, "Encoding the file takes longer than is allowed here. Upload a shorter or smaller version.", null, e),
        MediaFailure.OutputLimit => new(VideoRejections.TooExpensive, "The encoded file would be larger than is allowed here. Upload a shorter version.", null, e),
        _ => new(RejectionCodes.MediaUnreadable, "The file is damaged: its pictures or its sound can't be decoded. Re-export it and upload it again.", null, e),
    };

    /// <summary>ffmpeg puts the part that speaks before its words.</summary>
    [GeneratedRegex(@"\[(https?|tcp|tls) @|error in the pull function|Stream ends prematurely", RegexOptions.CultureInvariant)]
    private static partial Regex Network();
}
