using System.Globalization;
using ArtifactPlatform.Client.Videos;

namespace ArtifactPlatform.Web.Videos;

/// <summary>What of a video this browser may load by itself. The platform's addresses are those of the first public playback id, if there is one.</summary>
public static class Playable
{
    /// <summary>Nobody plays it without a token, which only the company's own server can make.</summary>
    public static bool NeedsToken(VideoObject video)
    {
        ArgumentNullException.ThrowIfNull(video);
        return !video.PlaybackIds.Any(id => id.Policy == PlaybackPolicy.Public);
    }

    /// <returns>Null while there is nothing to show, or nothing without a token.</returns>
    public static string? Thumbnail(VideoObject video, int width)
    {
        ArgumentNullException.ThrowIfNull(video);
        return video.ThumbnailUrl is { } url && video.AudioOnly != true && !NeedsToken(video) ? $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}width={width}" : null;
    }
}

/// <summary>What the player in the browser needs to know.</summary>
/// <param name="Version">Another one means that the same address now leads to something else; null = to what it led to before, until the new is ready.</param>
/// <param name="Captions">Their names, to choose from before anything is loaded.</param>
/// <param name="Duration">Seconds.</param>
public sealed record PlayerSource(
    string? Version, string? Title, string? Hls, IReadOnlyList<PlayerMp4> Mp4, string? Poster, string? Storyboard, string? Waveform, IReadOnlyList<string> Captions, bool AudioOnly, double? Duration)
{
    private const int PosterWidth = 1280;

    public static PlayerSource Of(VideoObject video)
    {
        ArgumentNullException.ThrowIfNull(video);
        return new(
            VersionOf(video),
            video.Title,
            video.Playback.Hls,
            [.. video.Playback.Mp4.Select(mp4 => new PlayerMp4(mp4.Height, mp4.Url))],
            Playable.Thumbnail(video, PosterWidth),
            video.StoryboardUrl,
            video.WaveformUrl,
            [.. video.Captions.Select(caption => caption.Name)],
            video.AudioOnly == true,
            video.Duration);
    }

    private static string? VersionOf(VideoObject video) => video.Status switch
    {
        VideoStatus.Reprocessing => null,
        VideoStatus.Preparing => string.Join(' ', CaptionIds(video)),
        _ => string.Join(' ', [video.Timings.Ready?.ToString(CultureInfo.InvariantCulture) ?? "done", .. CaptionIds(video)]),
    };

    private static IEnumerable<string> CaptionIds(VideoObject video) => video.Captions.Select(caption => caption.Id);

    public bool SameAs(PlayerSource? other) => other is not null && other with { Mp4 = Mp4, Captions = Captions } == this && other.Mp4.SequenceEqual(Mp4) && other.Captions.SequenceEqual(Captions);
}

public sealed record PlayerMp4(int Height, string Url);
