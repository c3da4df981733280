namespace ArtifactPlatform.Worker.Media;

/// <summary>The streams that a player picks by itself: the file's own default first, then the largest; cover pictures never.</summary>
internal sealed record MainStreams(FfprobeStream? Video, FfprobeStream? Audio)
{
    public static MainStreams Of(FfprobeDocument document) => new(
        document.Streams.Where(s => s.IsVideo)
            .OrderByDescending(s => s.Is("default")).ThenByDescending(s => (long)(s.Width ?? 0) * (s.Height ?? 0)).ThenBy(s => s.Index).FirstOrDefault(),
        document.Streams.Where(s => s.IsAudio)
            .OrderByDescending(s => s.Is("default")).ThenByDescending(s => s.Channels ?? 0).ThenBy(s => s.Index).FirstOrDefault());

    public IEnumerable<FfprobeStream> All
    {
        get
        {
            if (Video is not null)
            {
                yield return Video;
            }

            if (Audio is not null)
            {
                yield return Audio;
            }
        }
    }
}
