namespace ArtifactPlatform.Worker.Media;

/// <summary>What a joined file is written as.</summary>
/// <param name="Muxer">ffmpeg's name.</param>
/// <param name="Extension">Without a dot.</param>
internal sealed record JoinTarget(string Muxer, string Extension)
{
    private static readonly string[] Mp4Codecs = ["h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "aac", "mp3", "ac3", "eac3", "alac", "opus", "flac", "mp2"];

    public bool IsMp4 => Muxer is "mp4" or "mov" or "ipod";

    /// <summary>
    /// The family of the first fragment; transport streams and FLV become MP4, what fits in no family becomes Matroska. Matroska has no
    /// decoding times: who copies from it works them out from how far the set-up in the header reorders, so set-ups that change go into MP4.
    /// </summary>
    /// <param name="first">The first fragment.</param>
    /// <param name="mixesSetUps">See <see cref="CutPieces.MixesSetUps"/>.</param>
    public static JoinTarget Of(FragmentFacts first, bool mixesSetUps)
    {
        var container = DescribeMedia.Container(first.Document.Format, first.Content);
        var codecs = first.Main.All.Select(s => s.CodecName ?? "").ToList();
        var fitsMp4 = codecs.All(Mp4Codecs.Contains);
        return first.Main.Video is null ? OfSound(container, codecs[0]) : container switch
        {
            "webm" => new("webm", "webm"),
            "matroska" => mixesSetUps && fitsMp4 ? new("mp4", "mp4") : new("matroska", "mkv"),
            "mp4" or "m4a" or "mov" or "3gp" or "3g2" => fitsMp4 ? new("mp4", "mp4") : new("mov", "mov"),
            "mpegts" or "flv" or "h264" or "hevc" => fitsMp4 ? new("mp4", "mp4") : container == "mpegts" ? new("mpegts", "ts") : new("matroska", "mkv"),
            _ => new("matroska", "mkv"),
        };
    }

    private static JoinTarget OfSound(string container, string codec) => (container, codec) switch
    {
        (_, "mp3") => new("mp3", "mp3"),
        (_, "aac") or (_, "alac") => new("ipod", "m4a"),
        ("flac", _) or (_, "flac") => new("flac", "flac"),
        ("aiff", _) => new("aiff", "aiff"),
        ("mov" or "mp4" or "caf", _) when codec.StartsWith("pcm_", StringComparison.Ordinal) => new("mov", "mov"),
        (_, _) when codec.StartsWith("pcm_", StringComparison.Ordinal) => new("wav", "wav"),
        ("ogg", _) => new("ogg", codec == "opus" ? "opus" : "ogg"),
        ("webm", _) => new("webm", "webm"),
        (_, "opus") or (_, "vorbis") => new("ogg", codec == "opus" ? "opus" : "ogg"),
        _ => new("matroska", "mka"),
    };
}
