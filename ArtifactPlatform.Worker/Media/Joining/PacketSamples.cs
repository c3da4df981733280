namespace ArtifactPlatform.Worker.Media;

/// <summary>How many samples a codec puts into each packet, where that is fixed: containers with a coarse clock don't tell exactly.</summary>
internal static class PacketSamples
{
    private const double Close = 0.02;

    /// <param name="codec">ffmpeg's name.</param>
    /// <param name="measured">Average over the stream, from the container's times.</param>
    /// <returns>Null for codecs with packets of differing length, and for lengths that the codec does not have.</returns>
    public static int? Of(string? codec, double measured)
    {
        int[] known = codec switch
        {
            "aac" => [1024, 2048, 960, 512, 480],
            "mp3" or "mp2" => [1152, 576],
            "ac3" => [1536],
            "eac3" => [1536, 768, 512, 256],
            "opus" => [120, 240, 480, 960, 1920, 2880],
            _ => [],
        };
        foreach (var samples in known)
        {
            if (Math.Abs(measured - samples) <= samples * Close)
            {
                return samples;
            }
        }

        return null;
    }
}
