using System.Collections.Concurrent;
using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Tests.Media;

/// <summary>
/// Small real media files, made by ffmpeg when a test first asks for them and shared by all tests of the run. Callers must not
/// change them.
/// </summary>
public static class TestMedia
{
    private const string Picture = "testsrc2=s=160x120";

    private static readonly string Root = Directory.CreateTempSubdirectory("test-media-").FullName;
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Files = new();
    private static readonly SemaphoreSlim AtOnce = new(2);

    static TestMedia() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Root, recursive: true);

    public static MediaProcess Process { get; } = new(Options.Create(new FfmpegOptions()), TimeProvider.System);

    /// <summary>H.264 with B-frames and stereo AAC at 48 kHz, 30 frames/s.</summary>
    public static Task<string> Mp4Async(double seconds = 2, string rate = "30", string size = "160x120", int hertz = 48000, int channels = 2) =>
        MakeAsync($"h264-{seconds}-{rate.Replace('/', '_')}-{size}-{hertz}-{channels}.mp4", Lavfi(seconds, rate, size, hertz, channels), H264, Aac, ["-movflags", "+faststart"]);

    /// <summary>As <see cref="Mp4Async"/> with the index behind the media, as cameras write it.</summary>
    public static Task<string> Mp4IndexLastAsync(double seconds = 2) =>
        MakeAsync($"index-last-{seconds}.mp4", Lavfi(seconds), H264, Aac);

    public static Task<string> FragmentedMp4Async(double seconds = 2) =>
        MakeAsync($"fragmented-{seconds}.mp4", Lavfi(seconds), H264, Aac, ["-g", "15", "-movflags", "+frag_keyframe+delay_moov+default_base_moof"]);

    public static Task<string> VideoOnlyMp4Async(double seconds = 2) =>
        MakeAsync($"silent-{seconds}.mp4", ["-f", "lavfi", "-i", Invariant($"{Picture}:r=30:d={seconds}")], H264);

    public static Task<string> HevcTenBitAsync(double seconds = 1, bool hdr = true) => MakeAsync(
        $"hevc10-{seconds}-{hdr}.mp4",
        Lavfi(seconds),
        ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1"],
        hdr ? ["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"] : [],
        Aac);

    public static Task<string> HlgAsync() => MakeAsync(
        "hlg.mp4",
        Lavfi(1),
        ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc"]);

    /// <summary>VP9 and Opus.</summary>
    public static Task<string> WebmAsync(double seconds = 2) => MakeAsync($"vp9-{seconds}.webm", Lavfi(seconds), Vp9, Opus);

    /// <summary>As a browser's recorder writes it: no duration, no index.</summary>
    public static Task<string> WebmLiveAsync(double seconds = 2) => MakeAsync($"vp9-live-{seconds}.webm", Lavfi(seconds), Vp9, Opus, ["-live", "1"]);

    public static Task<string> MkvAsync(double seconds = 2) => MakeAsync($"h264-{seconds}.mkv", Lavfi(seconds), H264, Aac);

    /// <summary>ProRes 422 and 16-bit samples.</summary>
    public static Task<string> ProResMovAsync(double seconds = 1) =>
        MakeAsync($"prores-{seconds}.mov", Lavfi(seconds), ["-c:v", "prores_ks", "-profile:v", "2", "-c:a", "pcm_s16le"]);

    public static Task<string> TransportStreamAsync(double seconds = 2) => MakeAsync($"h264-{seconds}.ts", Lavfi(seconds), H264, Aac);

    public static Task<string> FlvAsync(double seconds = 2) => MakeAsync($"h264-{seconds}.flv", Lavfi(seconds, hertz: 44100), H264, Aac);

    public static Task<string> AviAsync(double seconds = 2) =>
        MakeAsync($"mpeg4-{seconds}.avi", Lavfi(seconds), ["-c:v", "mpeg4", "-c:a", "libmp3lame"]);

    /// <summary>30 frames/s, then 10, then 30.</summary>
    public static Task<string> VariableRateMp4Async(double seconds = 3) => MakeAsync(
        $"vfr-{seconds}.mp4",
        Lavfi(seconds),
        ["-vf", Invariant($"select='not(between(t,{seconds / 3},{seconds * 2 / 3}))+not(mod(n,3))'"), "-fps_mode", "vfr"],
        H264,
        Aac);

    /// <summary>Coded 160x120, to be turned 90° clockwise by the player: ffmpeg counts the other way.</summary>
    public static Task<string> RotatedMp4Async() => MakeAsync("rotated.mp4", ["-i", "{0}"], ["-c", "copy", "-metadata:s:v", "rotate=270"], [], [], () => Mp4Async(1));

    /// <summary>Coded 144x120 with pixels of 4:3.</summary>
    public static Task<string> AnamorphicMp4Async() => MakeAsync("anamorphic.mp4", Lavfi(1, size: "144x120"), ["-vf", "setsar=4/3"], H264, Aac);

    public static Task<string> InterlacedMp4Async() => MakeAsync("interlaced.mp4", Lavfi(1), ["-vf", "tinterlace=interleave_top,setfield=tff"], H264, ["-flags:v", "+ildct+ilme", .. Aac]);

    /// <summary>5.1 sound.</summary>
    public static Task<string> SurroundMp4Async() => MakeAsync("surround.mp4", Lavfi(1, channels: 6), H264, Aac);

    /// <summary>AAC alone in MP4 with a cover picture.</summary>
    public static Task<string> M4aAsync(double seconds = 2, bool cover = false, int hertz = 44100) => cover
        ? MakeAsync($"cover-{seconds}.m4a", ["-i", "{0}", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=1:d=1"], ["-map", "0:a", "-map", "1:v", "-c:a", "copy", "-c:v", "mjpeg", "-frames:v", "1", "-disposition:v", "attached_pic"], ["-f", "ipod"], [], () => M4aAsync(seconds))
        : MakeAsync($"aac-{seconds}-{hertz}.m4a", Tone(seconds, hertz), Aac);

    public static Task<string> AdtsAsync(double seconds = 2) => MakeAsync($"adts-{seconds}.aac", Tone(seconds), Aac);

    public static Task<string> WavAsync(double seconds = 2, int hertz = 44100, string codec = "pcm_s16le") => MakeAsync($"{codec}-{seconds}-{hertz}.wav", Tone(seconds, hertz), ["-c:a", codec]);

    /// <summary>Written to a pipe: its header says 0xFFFFFFFF bytes.</summary>
    public static Task<string> WavStreamedAsync(double seconds = 2) => ChangeAsync($"streamed-{seconds}.wav", () => WavAsync(seconds), bytes =>
    {
        var data = bytes.AsSpan().IndexOf("data"u8);
        bytes.AsSpan(4, 4).Fill(0xff);
        bytes.AsSpan(data + 4, 4).Fill(0xff);
        return bytes;
    });

    public static Task<string> FlacAsync(double seconds = 2, int bits = 16) =>
        MakeAsync($"flac{bits}-{seconds}.flac", Tone(seconds), ["-c:a", "flac", "-sample_fmt", bits == 16 ? "s16" : "s32"]);

    public static Task<string> OpusAsync(double seconds = 2) => MakeAsync($"opus-{seconds}.opus", Tone(seconds, 48000), Opus);

    public static Task<string> VorbisAsync(double seconds = 2) => MakeAsync($"vorbis-{seconds}.ogg", Tone(seconds), ["-c:a", "libvorbis"]);

    public static Task<string> Mp3Async(double seconds = 2) => MakeAsync($"cbr-{seconds}.mp3", Tone(seconds), ["-c:a", "libmp3lame", "-b:a", "128k"]);

    /// <summary>Variable bit rate without the Xing header that tells the length: loud and quiet parts, so that guessing from the bit rate fails.</summary>
    public static Task<string> Mp3VbrAsync(double seconds = 6, bool xing = false) => MakeAsync(
        $"vbr-{seconds}-{xing}.mp3",
        ["-f", "lavfi", "-i", Invariant($"aevalsrc='if(lt(t,{seconds / 2}),0,random(0)-0.5)':s=44100:d={seconds}")],
        ["-c:a", "libmp3lame", "-q:a", "2", "-write_xing", xing ? "1" : "0", "-id3v2_version", xing ? "3" : "0"]);

    /// <summary>Common Encryption.</summary>
    public static Task<string> EncryptedMp4Async() => MakeAsync(
        "encrypted.mp4",
        Lavfi(1),
        H264,
        Aac,
        ["-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb", "-encryption_kid", "a7e61c373e219033c21091fa607bf3b8"]);

    /// <summary>Black, with a white flash and a beep of 0.1 s, both at <paramref name="at"/>: shows how far sound and picture are apart.</summary>
    public static Task<string> FlashAndBeepAsync(string extension = "mp4", double seconds = 1, double at = 0.5, string rate = "30", int hertz = 48000, string[]? video = null, string[]? audio = null, string name = "") => MakeAsync(
        $"flash-{seconds}-{at}-{rate.Replace('/', '_')}-{hertz}-{name}.{extension}",
        [
            "-f", "lavfi", "-i", Invariant($"color=black:s=160x120:r={rate}:d={seconds},drawbox=c=white:t=fill:enable='between(t,{at},{at + 0.0999})'"),
            "-f", "lavfi", "-i", Invariant($"aevalsrc='0.8*sin(2*PI*1000*t)*between(t,{at},{at + 0.1})':s={hertz}:d={seconds}"),
        ],
        video ?? H264,
        audio ?? Aac);

    public static string[] H264 { get; } = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "30", "-pix_fmt", "yuv420p"];

    public static string[] Vp9 { get; } = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "200k"];

    public static string[] Aac { get; } = ["-c:a", "aac", "-b:a", "96k"];

    public static string[] Opus { get; } = ["-c:a", "libopus", "-b:a", "64k"];

    /// <summary>Text as a file.</summary>
    public static Task<string> BytesAsync(string name, byte[] content) => CachedAsync(name, path => File.WriteAllBytesAsync(path, content));

    /// <summary>Another file with its bytes changed.</summary>
    public static Task<string> ChangeAsync(string name, Func<Task<string>> from, Func<byte[], byte[]> change) =>
        CachedAsync(name, async path => await File.WriteAllBytesAsync(path, change(await File.ReadAllBytesAsync(await from()))));

    /// <summary>The first <paramref name="share"/> of another file.</summary>
    public static Task<string> CutShortAsync(string name, Func<Task<string>> from, double share) => ChangeAsync(name, from, bytes => bytes[..(int)(bytes.Length * share)]);

    /// <summary>Inputs, codecs and muxer options of one ffmpeg run; the name's ending decides the container.</summary>
    public static Task<string> MakeAsync(string name, string[] inputs, string[] first, string[]? second = null, string[]? third = null, Func<Task<string>>? from = null) =>
        CachedAsync(name, async path =>
        {
            var source = from is null ? "" : await from();
            string[] arguments = ["-y", .. inputs.Select(i => i == "{0}" ? source : i), .. first, .. second ?? [], .. third ?? [], path];
            await Process.RunAsync(new MediaCommand { Tool = MediaTool.Ffmpeg, Arguments = arguments, TimeLimit = TimeSpan.FromMinutes(3) }, CancellationToken.None);
        });

    /// <summary>A new folder of this run.</summary>
    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Root, Guid.NewGuid().ToString("N"))).FullName;

    private static Task<string> CachedAsync(string name, Func<string, Task> make) => Files.GetOrAdd(name, key => new Lazy<Task<string>>(async () =>
    {
        var path = Path.Combine(NewFolder(), key);
        await AtOnce.WaitAsync();
        try
        {
            await make(path);
        }
        finally
        {
            AtOnce.Release();
        }

        return path;
    })).Value;

    private static string[] Lavfi(double seconds, string rate = "30", string size = "160x120", int hertz = 48000, int channels = 2) =>
    [
        "-f", "lavfi", "-i", Invariant($"testsrc2=s={size}:r={rate}:d={seconds}"),
        "-f", "lavfi", "-i", Invariant($"sine=440:r={hertz}:d={seconds},aformat=channel_layouts={(channels == 1 ? "mono" : channels == 6 ? "5.1" : "stereo")}"),
    ];

    private static string[] Tone(double seconds, int hertz = 44100) => ["-f", "lavfi", "-i", Invariant($"sine=440:r={hertz}:d={seconds}")];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
