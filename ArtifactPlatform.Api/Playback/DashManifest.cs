using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using ArtifactPlatform.Core.Videos;

namespace ArtifactPlatform.Api.Playback;

/// <summary>
/// Writes an MPD (ISO/IEC 23009-1) over the very files that HLS plays. Segments are named by short addresses that redirect to the
/// store: ffmpeg's demuxer reads no base address with an ampersand, and the signed one on every segment would make megabytes.
/// </summary>
internal static class DashManifest
{
    /// <summary>Ticks a second of segment times: microseconds keep rounding below what any clock shows.</summary>
    private const long Timescale = 1_000_000;

    private static readonly XNamespace Mpd = "urn:mpeg:dash:schema:mpd:2011";

    /// <param name="query">Put behind each file: empty, or <c>?token=…</c>.</param>
    public static string Write(VideoPackage package, IReadOnlyList<CaptionTrack> captions, string query)
    {
        var period = new XElement(Mpd + "Period", new XAttribute("id", "0"), new XAttribute("start", "PT0S"));
        if (package.Video.Count > 0)
        {
            period.Add(new XElement(
                Mpd + "AdaptationSet",
                Attributes("video", "video/mp4"),
                package.Video.Select(v => Representation(
                    $"v{v.Rung}",
                    v.Track,
                    query,
                    new XAttribute("width", v.Width),
                    new XAttribute("height", v.Height),
                    new XAttribute("frameRate", FrameRate(v.FrameRate)),
                    new XAttribute("sar", "1:1")))));
        }

        period.Add(package.Audio.Select((a, i) => new XElement(
            Mpd + "AdaptationSet",
            Attributes("audio", "audio/mp4"),
            new XAttribute("lang", a.Language),
            new XElement(Mpd + "Role", new XAttribute("schemeIdUri", "urn:mpeg:dash:role:2011"), new XAttribute("value", a.IsDefault ? "main" : "alternate")),
            new XElement(Mpd + "Label", a.Name),
            Representation(
                $"a{i}",
                a.Track,
                query,
                new XAttribute("audioSamplingRate", a.SampleRate)))));
        period.Add(captions.Select(c => new XElement(
            Mpd + "AdaptationSet",
            new XAttribute("contentType", "text"),
            new XAttribute("mimeType", "text/vtt"),
            new XAttribute("lang", c.Language),
            new XElement(Mpd + "Label", c.Name),
            new XElement(Mpd + "Representation", new XAttribute("id", c.Id), new XAttribute("bandwidth", 1000), new XElement(Mpd + "BaseURL", $"captions/{c.Id}.vtt{query}")))));

        var root = new XElement(
            Mpd + "MPD",
            new XAttribute("type", "static"),
            new XAttribute("profiles", "urn:mpeg:dash:profile:isoff-main:2011"),
            new XAttribute("minBufferTime", "PT4S"),
            new XAttribute("mediaPresentationDuration", XmlConvert.ToString(TimeSpan.FromSeconds(Math.Round(package.Duration, 3)))),
            period);
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root}\n";
    }

    private static XAttribute[] Attributes(string contentType, string mimeType) =>
        [new("contentType", contentType), new("mimeType", mimeType), new("segmentAlignment", "true"), new("startWithSAP", "1")];

    private static XElement Representation(string id, PackagedTrack track, string query, params XAttribute[] more) => new(
        Mpd + "Representation",
        new XAttribute("id", id),
        new XAttribute("bandwidth", track.PeakBitsPerSecond),
        new XAttribute("codecs", track.Codecs),
        more,
        new XElement(
            Mpd + "SegmentList",
            new XAttribute("timescale", Timescale),
            new XElement(Mpd + "Initialization", new XAttribute("sourceURL", $"files/{track.File}{query}"), new XAttribute("range", Range(0, track.InitLength))),
            new XElement(Mpd + "SegmentTimeline", Timeline(track.Segments)),
            track.Segments.Select(s => new XElement(Mpd + "SegmentURL", new XAttribute("media", $"files/{track.File}{query}"), new XAttribute("mediaRange", Range(s.Offset, s.Length))))));

    private static IEnumerable<XElement> Timeline(IReadOnlyList<PackagedSegment> segments)
    {
        var (at, exact) = (0L, 0.0);
        foreach (var segment in segments)
        {
            exact += segment.Seconds;
            var end = (long)Math.Round(exact * Timescale);
            yield return new XElement(Mpd + "S", new XAttribute("t", at), new XAttribute("d", end - at));
            at = end;
        }
    }

    private static string Range(long offset, long length) => string.Create(CultureInfo.InvariantCulture, $"{offset}-{offset + length - 1}");

    private static string FrameRate(double rate) => string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Round(rate * 1000)}/1000");
}
