using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Which pictures are not made into a video, and why. Pure.</summary>
internal static class PictureLimits
{
    /// <summary>Pixels: the most that H.264's encoder takes; a decoded frame of that square is 400 MB.</summary>
    public const int MaxSide = 16384;

    /// <summary>Pixels: one block of H.264's; less is a tracking pixel or a mistake, and many decoders in hardware refuse it.</summary>
    public const int MinSide = 16;

    /// <summary>Colours as IPT, which only Dolby's decoder brings back; all other profiles can be read without it.</summary>
    private const int DolbyOnlyProfile = 5;

    /// <returns>Null when all is well, as it is for sound alone.</returns>
    public static MediaRejectedException? Verdict(VideoSource source, TimeSpan maxDuration)
    {
        if (source.Video is not { } video)
        {
            return null;
        }

        var largest = Math.Max(Math.Max(video.CodedWidth, video.CodedHeight), Math.Max(video.Width, video.Height));
        var smallest = Math.Min(video.Width, video.Height);
        return largest > MaxSide
            ? new(VideoRejections.TooLarge, $"The picture is {video.CodedWidth}x{video.CodedHeight} pixels; {largest} is more than the {MaxSide} that one side may have. Scale it down and upload it again.")
            : smallest < MinSide
            ? new(VideoRejections.TooSmall, $"The picture is {video.Width}x{video.Height} pixels; each side needs at least {MinSide}. Export it larger and upload it again.")
            : video.DolbyProfile == DolbyOnlyProfile
            ? new(VideoRejections.DolbyVisionOnly, "The picture is in Dolby Vision profile 5, whose colours only Dolby's own decoder shows right. Export it as SDR, as HDR10 or HLG, or in Dolby Vision profile 8.")
            : source.Duration > maxDuration.TotalSeconds
            ? new(VideoRejections.TooLong, FormattableString.Invariant($"The video is {source.Duration / 3600:0.0} h long; at most {maxDuration.TotalHours:0.#} h are encoded here. Cut it into parts and upload them one by one."))
            : null;
    }

    /// <summary>A picture that stands behind sound may be one frame; alone it is no video.</summary>
    public static MediaRejectedException? Verdict(MadeTracks made) =>
        made.Audio.Count == 0 && made.Video.Count > 0 && made.Video[0].Samples < 2
            ? new(VideoRejections.OneFrame, "The file holds one frame and no sound, so there is nothing to play. Upload a video, or use the frame as a picture.")
            : null;
}

/// <summary>Reasons that only encoding has, besides <see cref="RejectionCodes"/>.</summary>
public static class VideoRejections
{
    public const string TooLarge = "video_too_large";
    public const string TooSmall = "video_too_small";
    public const string TooLong = "video_too_long";
    public const string OneFrame = "video_of_one_frame";
    public const string DolbyVisionOnly = "dolby_vision_only";
    public const string TooExpensive = "video_too_expensive";
}
