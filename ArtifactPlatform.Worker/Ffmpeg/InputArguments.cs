using System.Globalization;

namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>
/// The arguments that open an input. ffmpeg goes wherever a playlist sends it unless told otherwise, so every input names the
/// protocols and the demuxers that it may use: plain media files, which refer to nothing outside themselves.
/// </summary>
public static class InputArguments
{
    /// <summary>
    /// No hls, dash, concat, sdp, rtsp, image2, tedcaptions, subtitle formats, lavfi or devices. One name of a demuxer with several
    /// stands for it (mov: mp4, m4a, 3gp; matroska: webm).
    /// </summary>
    public static readonly IReadOnlyList<string> Demuxers =
    [
        "mov", "matroska", "avi", "flv", "mpegts", "mpeg", "mpegvideo", "asf", "ogg", "mxf", "gxf", "dv", "nut", "ivf", "m4v", "h264", "hevc", "obu",
        "mp3", "aac", "loas", "ac3", "eac3", "dts", "truehd", "wav", "w64", "aiff", "caf", "au", "flac", "amr", "ape", "wv", "tta", "tak", "mpc", "mpc8", "voc",
    ];

    private const string FileProtocols = "file,pipe";
    private const string HttpProtocols = "http,https,tcp,tls";

    /// <summary>Seconds to wait at most before an interrupted transfer is tried again.</summary>
    private const string ReconnectDelayMaxSeconds = "4";

    private static readonly string DemuxerList = string.Join(',', Demuxers);

    /// <summary>Everything up to and with <c>-i</c>.</summary>
    public static IReadOnlyList<string> For(MediaInput input, FfmpegOptions options)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        if (input.FilePath is { } path)
        {
            return ["-protocol_whitelist", FileProtocols, "-format_whitelist", DemuxerList, "-i", FileUrl(path)];
        }

        var stall = ((long)options.StallTimeLimit.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
        return
        [
            "-protocol_whitelist", HttpProtocols, "-format_whitelist", DemuxerList,
            "-rw_timeout", stall, "-reconnect", "1", "-reconnect_on_network_error", "1", "-reconnect_delay_max", ReconnectDelayMaxSeconds,
            "-i", input.Url?.AbsoluteUri ?? throw new ArgumentException("Neither a file nor an address.", nameof(input)),
        ];
    }

    /// <summary>A list file of our own for the concat demuxer, which may open files only.</summary>
    public static IReadOnlyList<string> ForConcatList(string listPath) =>
        ["-protocol_whitelist", FileProtocols, "-f", "concat", "-safe", "0", "-i", FileUrl(listPath)];

    /// <summary>With the scheme written out, no path can be taken for an option or another protocol.</summary>
    public static string FileUrl(string path) => "file:" + Path.GetFullPath(path);
}
