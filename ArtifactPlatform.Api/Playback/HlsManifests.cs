using System.Globalization;
using System.Text;
using ArtifactPlatform.Core.Videos;

namespace ArtifactPlatform.Api.Playback;

/// <summary>Writes HLS playlists (RFC 8216) from what is known of a package.</summary>
internal static class HlsManifests
{
    private const string AudioGroup = "audio";
    private const string CaptionGroup = "captions";

    /// <param name="query">Put behind each address: empty, or <c>?token=…</c>.</param>
    public static string Master(VideoPackage package, IReadOnlyList<CaptionTrack> captions, string query)
    {
        var text = Begin();
        text.Append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        var hasAudioGroup = package.Audio.Count > (package.Video.Count > 0 ? 0 : 1);
        foreach (var (audio, i) in package.Audio.Select((a, i) => (a, i)).Where(_ => hasAudioGroup))
        {
            // Without a picture, the first track is the variant itself.
            var uri = package.Video.Count > 0 || i > 0 ? $",URI=\"audio-{i}.m3u8{query}\"" : "";
            text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"{AudioGroup}\",NAME=\"{Quoted(audio.Name)}\",{Language(audio.Language)}DEFAULT={(audio.IsDefault ? "YES" : "NO")},AUTOSELECT=YES,CHANNELS=\"{audio.Channels}\"{uri}\n");
        }

        foreach (var caption in captions)
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"{CaptionGroup}\",NAME=\"{caption.Name}\",{Language(caption.Language)}DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=\"captions/{caption.Id}.m3u8{query}\"\n");
        }

        foreach (var video in package.Video)
        {
            Variant(text, video, package.Audio, captions.Count > 0, query);
        }

        if (package is { Video.Count: 0, Audio: [var sound, ..] })
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXT-X-STREAM-INF:BANDWIDTH={sound.Track.PeakBitsPerSecond},AVERAGE-BANDWIDTH={sound.Track.AverageBitsPerSecond},CODECS=\"{sound.Track.Codecs}\"{(hasAudioGroup ? $",AUDIO=\"{AudioGroup}\"" : "")}{(captions.Count > 0 ? $",SUBTITLES=\"{CaptionGroup}\"" : "")}\naudio-0.m3u8{query}\n");
        }

        return text.ToString();
    }

    /// <summary>The playlist of one track: every segment is a range of the one file.</summary>
    /// <param name="url">Where the file can be read.</param>
    public static string Media(PackagedTrack track, string url)
    {
        var text = Begin();
        var longest = track.Segments.Count == 0 ? 1 : track.Segments.Max(s => s.Seconds);
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-TARGETDURATION:{Math.Max(1, (int)Math.Ceiling(longest))}\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n");
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MAP:URI=\"{url}\",BYTERANGE=\"{track.InitLength}@0\"\n");
        foreach (var segment in track.Segments)
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{segment.Seconds:0.000000},\n#EXT-X-BYTERANGE:{segment.Length}@{segment.Offset}\n{url}\n");
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    /// <summary>The playlist of one caption track: the whole file is one segment.</summary>
    public static string Captions(double seconds, string url) => Begin()
        .Append(CultureInfo.InvariantCulture, $"#EXT-X-TARGETDURATION:{Math.Max(1, (int)Math.Ceiling(seconds))}\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:{seconds:0.000000},\n{url}\n#EXT-X-ENDLIST\n")
        .ToString();

    private static void Variant(StringBuilder text, VideoRendition video, IReadOnlyList<AudioRendition> audio, bool hasCaptions, string query)
    {
        var (peak, average) = (video.Track.PeakBitsPerSecond, video.Track.AverageBitsPerSecond);
        var codecs = video.Track.Codecs;
        if (audio.Count > 0)
        {
            peak += audio.Max(a => a.Track.PeakBitsPerSecond);
            average += audio.Max(a => a.Track.AverageBitsPerSecond);
            codecs = string.Join(',', audio.Select(a => a.Track.Codecs).Distinct().Prepend(codecs));
        }

        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},CODECS=\"{codecs}\",RESOLUTION={video.Width}x{video.Height},FRAME-RATE={video.FrameRate:0.000}");
        text.Append(audio.Count > 0 ? $",AUDIO=\"{AudioGroup}\"" : "").Append(hasCaptions ? $",SUBTITLES=\"{CaptionGroup}\"" : "");
        text.Append(CultureInfo.InvariantCulture, $"\n{video.Rung}.m3u8{query}\n");
    }

    private static StringBuilder Begin() => new("#EXTM3U\n#EXT-X-VERSION:7\n");

    private static string Language(string language) => language is "und" or "" ? "" : $"LANGUAGE=\"{Quoted(language)}\",";

    /// <summary>Quoted strings can hold neither quotes nor line ends, and have no way to escape them.</summary>
    internal static string Quoted(string text) => string.Concat(text.Where(c => c != '"' && !char.IsControl(c)));
}
