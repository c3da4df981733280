using System.Buffers.Binary;
using System.Globalization;
using ArtifactPlatform.Tests.Media;

namespace ArtifactPlatform.Tests.Videos.Encoding;

/// <summary>More small media files, of the kinds that only encoding cares about; see <see cref="TestMedia"/>.</summary>
internal static class VideoMedia
{
    private static readonly string[] Fast = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];

    /// <summary>Keyframes every second, so a copy has something to cut at.</summary>
    public static Task<string> StandardAsync(double seconds = 9, string size = "320x180", int rate = 30) => TestMedia.MakeAsync(
        Text($"standard-{seconds}-{size}-{rate}.mp4"), [.. Picture(seconds, size, rate), .. Sound(seconds)], TestMedia.H264, TestMedia.Aac);

    /// <summary>
    /// A beep at 1.5 s of 3 s, with edit lists over it: the first 0.4 s cut off picture and sound, or off the sound alone; or the sound in
    /// two pieces, 0.4 to 0.6 s and 1.4 to 3 s.
    /// </summary>
    public static Task<string> CutSoundAsync(string kind) => kind switch
    {
        "both" => CutAsync(kind, ["-ss", "0.4", "-i", "{0}"], ["-c", "copy"]),
        "sound" => CutAsync(kind, ["-i", "{0}", "-ss", "0.4", "-i", "{0}"], ["-map", "0:v", "-map", "1:a", "-c", "copy"]),
        _ => TestMedia.ChangeAsync("cut-gap.mp4", () => CutSoundAsync("sound"), bytes =>
        {
            var list = bytes.AsSpan().LastIndexOf("elst"u8);
            Span<int> fields = [2, 200, (int)(0.4 * 48000), 0x10000, 1600, (int)(1.4 * 48000), 0x10000];
            byte[] grown = [.. bytes[..(list + 8)], .. new byte[fields.Length * 4], .. bytes[(list + 24)..]];
            for (var i = 0; i < fields.Length; i++)
            {
                BinaryPrimitives.WriteInt32BigEndian(grown.AsSpan(list + 8 + (i * 4)), fields[i]);
            }

            Grow(grown, list, 12, "moov", "trak", "edts", "elst");
            return grown;
        }),
    };

    private static Task<string> CutAsync(string kind, string[] inputs, string[] output) => TestMedia.MakeAsync(
        $"cut-{kind}.mp4",
        inputs,
        output,
        from: () => TestMedia.FlashAndBeepAsync(seconds: 3, at: 1.5, video: [.. Fast, "-g", "300"]));

    /// <summary>The picture's first frame 21 ms behind the sound's first packet, as an encoder leaves it in a transport stream; a flash and a beep at 3 s.</summary>
    public static Task<string> EarlySoundAsync() => TestMedia.FlashAndBeepAsync(
        "ts", 6, 3, rate: "25", video: ["-c:v", "libx264", "-preset", "veryfast", "-x264-params", "open-gop=1:keyint=50:bframes=2:scenecut=0", "-pix_fmt", "yuv420p"], name: "early");

    /// <summary>Four seconds at 30 frames/s, then four at 10.</summary>
    public static Task<string> SlowEndAsync() => TestMedia.MakeAsync(
        "slow-end.mp4",
        Picture(8, "160x120"),
        ["-vf", "select='lt(t,3.99)+not(mod(n,3))'", "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]);

    /// <summary>A sound of its own length.</summary>
    public static Task<string> OutlastedAsync(double picture, double sound) => TestMedia.MakeAsync(
        Text($"outlasted-{picture}-{sound}.mp4"), [.. Picture(picture, "160x120"), .. Sound(sound)], TestMedia.H264, TestMedia.Aac);

    public static Task<string> SizedAsync(string size, double seconds = 1, string codec = "mpeg4") => TestMedia.MakeAsync(
        // The plain test card keeps odd sizes.
        Text($"sized-{codec}-{size}-{seconds}.mkv"), ["-f", "lavfi", "-i", Text($"testsrc=s={size}:r=30:d={seconds}")], ["-c:v", codec, "-q:v", "4"]);

    /// <summary>Keyframes 25 s apart, in a still picture of little cost.</summary>
    public static Task<string> SparseKeyframesAsync() => TestMedia.MakeAsync(
        "sparse-keys.mp4", ["-f", "lavfi", "-i", "testsrc=s=64x64:r=2:d=26"], [.. Fast, "-g", "50", "-sc_threshold", "0"]);

    /// <summary>Like the others for 63 s, but for one stretch of 20 s that a look at beginning, middle and end does not see.</summary>
    public static Task<string> HiddenGapAsync() => TestMedia.MakeAsync(
        "hidden-gap.mp4",
        ["-f", "lavfi", "-i", "testsrc=s=64x64:r=2:d=63"],
        [.. Fast, "-g", "1000", "-sc_threshold", "0", "-force_key_frames", "expr:if(gte(t,35)*lt(t,56),0,not(mod(n,8)))"]);

    public static Task<string> HevcAsync() => TestMedia.MakeAsync(
        "hevc8.mp4", [.. Picture(2, "160x120"), .. Sound(2)], ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p", "-tag:v", "hvc1"], TestMedia.Aac);

    /// <summary>Half of the frames dropped in the middle, at times that lie on no grid.</summary>
    public static Task<string> RoughTimesAsync() => TestMedia.MakeAsync(
        "rough-times.mkv", [.. Picture(6, "160x120"), .. Sound(6)], ["-vf", "select='not(between(t,1,4))+not(mod(n,13))',setpts='PTS+0.011*sin(N)/TB'", "-fps_mode", "passthrough", .. Fast], TestMedia.Aac);

    /// <summary>A phone's: 30 frames/s give or take some milliseconds, and every 25th missing.</summary>
    public static Task<string> TremblingAsync() => TestMedia.MakeAsync(
        "trembling.mov",
        [.. Picture(5, "160x120"), .. Sound(5)],
        ["-vf", "settb=1/90000,select='mod(n+1,25)',setpts='PTS+360*sin(7*N)'", "-fps_mode", "passthrough", "-enc_time_base", "1:90000", "-c:v", "mjpeg", "-video_track_timescale", "90000"],
        TestMedia.Aac);

    public static Task<string> OneFrameAsync() => TestMedia.MakeAsync("one-frame.mp4", Picture(1, "160x120"), ["-frames:v", "1", .. Fast]);

    public static Task<string> TooWideAsync() => TestMedia.MakeAsync("wide.mkv", ["-f", "lavfi", "-i", "testsrc=s=16385x16:r=1:d=1"], ["-c:v", "ffv1"]);

    /// <summary>A movie header and nothing in it.</summary>
    public static Task<string> NoStreamsAsync() => TestMedia.BytesAsync(
        "no-streams.mp4", [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 2, 0, 0, 0, 0, 116, .. "moov"u8, 0, 0, 0, 108, .. "mvhd"u8, .. new byte[12], 0, 0, 3, 232, .. new byte[84]]);

    public static Task<string> FastAsync() => TestMedia.MakeAsync("fast.mp4", ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=120:d=1"], Fast);

    /// <summary>English with a title, German with the same title, and one that says nothing.</summary>
    public static Task<string> ThreeLanguagesAsync() => TestMedia.MakeAsync(
        "languages.mkv",
        [.. Picture(1, "160x120"), .. Sound(1), .. Sound(1, 880), .. Sound(1, 220)],
        ["-map", "0:v", "-map", "1:a", "-map", "2:a", "-map", "3:a", .. Fast, "-c:a", "libopus"],
        ["-metadata:s:a:0", "language=eng", "-metadata:s:a:0", "title=Main \"cut\"", "-metadata:s:a:1", "language=ger", "-metadata:s:a:1", "title=Main \"cut\"", "-disposition:a:0", "default"]);

    public static Task<string> TwoLanguagesOfSoundAsync() => TestMedia.MakeAsync(
        "languages.m4a",
        [.. Sound(2), .. Sound(2, 880)],
        ["-map", "0:a", "-map", "1:a", "-c:a", "aac", "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=ita"]);

    /// <summary>Three seconds of black, then three of white in another size, in a container that allows it.</summary>
    public static async Task<string> ResizedAsync()
    {
        var white = await File.ReadAllBytesAsync(await PartAsync("white", "640x360", offset: 3));
        return await TestMedia.ChangeAsync("resized.ts", () => PartAsync("black", "320x180", offset: 0), black => [.. black, .. white]);

        static Task<string> PartAsync(string colour, string size, double offset) => TestMedia.MakeAsync(
            $"resized-{colour}.ts",
            ["-f", "lavfi", "-i", $"color={colour}:s={size}:r=30:d=3", .. Sound(3)],
            [.. Fast, "-g", "30", "-c:a", "aac", "-output_ts_offset", Text($"{offset}")]);
    }

    /// <summary>The beep of <see cref="TestMedia.FlashAndBeepAsync"/>, in sound that starts at 0.3 s.</summary>
    public static Task<string> LateSoundAsync() => TestMedia.MakeAsync(
        "late-sound.mkv",
        [
            "-f", "lavfi", "-i", "color=black:s=160x120:r=30:d=2,drawbox=c=white:t=fill:enable='between(t,1,1.0999)'",
            "-itsoffset", "0.3", "-f", "lavfi", "-i", "aevalsrc='0.8*sin(2*PI*1000*t)*between(t,0.7,0.8)':s=48000:d=1.7",
        ],
        [.. Fast, "-c:a", "libopus"]);

    public static Task<string> LatePictureAsync() => TestMedia.MakeAsync(
        "late-picture.mkv",
        [
            "-itsoffset", "0.4", "-f", "lavfi", "-i", "color=black:s=160x120:r=30:d=1.6,drawbox=c=white:t=fill:enable='between(t,0.6,0.6999)'",
            "-f", "lavfi", "-i", "aevalsrc='0.8*sin(2*PI*1000*t)*between(t,1,1.1)':s=48000:d=2",
        ],
        [.. Fast, "-c:a", "libopus"]);

    /// <summary>A second of black, then a test card.</summary>
    public static Task<string> BlackStartAsync() => TestMedia.MakeAsync(
        "black-start.mp4", ["-f", "lavfi", "-i", "color=black:s=320x180:r=30:d=1", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=2"], ["-filter_complex", "[0][1]concat", .. Fast]);

    /// <summary>At one frame a second.</summary>
    public static Task<string> BlackHoursAsync(double hours) =>
        TestMedia.MakeAsync(Text($"black-hours-{hours}.mp4"), ["-f", "lavfi", "-i", Text($"color=black:s=64x36:r=1:d={hours * 3600}")], [.. Fast, "-g", "250"]);

    /// <summary>HEVC whose sample entry says that it is Dolby Vision; its pictures are what they were.</summary>
    public static Task<string> DolbyVisionAsync(int profile) => TestMedia.ChangeAsync($"dolby-{profile}.mp4", () => TestMedia.HevcTenBitAsync(), bytes =>
    {
        // The index stands last, so nothing that it points to moves.
        var entry = bytes.AsSpan().LastIndexOf("hvc1"u8);
        byte[] configuration = [0, 0, 0, 32, .. "dvvC"u8, 1, 0, (byte)(profile << 1), 0x0d, (byte)(profile == 5 ? 0 : 0x10), .. new byte[19]];
        var end = entry - 4 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(entry - 4));
        Grow(bytes, entry, configuration.Length, "moov", "trak", "mdia", "minf", "stbl", "stsd", "hvc1");
        return [.. bytes[..end], .. configuration, .. bytes[end..]];
    });

    /// <summary>Has boxes say that they are longer, each the last of its name up to the type of the innermost.</summary>
    private static void Grow(byte[] file, int innermostAt, int byBytes, params string[] boxes)
    {
        foreach (var box in boxes)
        {
            var size = file.AsSpan(file.AsSpan(0, innermostAt + 4).LastIndexOf(System.Text.Encoding.ASCII.GetBytes(box)) - 4, 4);
            BinaryPrimitives.WriteInt32BigEndian(size, BinaryPrimitives.ReadInt32BigEndian(size) + byBytes);
        }
    }

    public static Task<string> FourTwoTwoAsync() => TestMedia.MakeAsync(
        "422.mkv", Picture(1, "160x120"), ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv422p10le"]);

    /// <summary>Tells where and with what it was filmed.</summary>
    public static Task<string> TaggedAsync() => TestMedia.MakeAsync(
        "tagged.mp4", [.. Picture(1, "160x120"), .. Sound(1)], TestMedia.H264, TestMedia.Aac, ["-metadata", "location=+52.5200+013.4050/", "-metadata", "comment=my house"]);

    private static string[] Picture(double seconds, string size, int rate = 30) => ["-f", "lavfi", "-i", Text($"testsrc2=s={size}:r={rate}:d={seconds}")];

    private static string[] Sound(double seconds, int hertz = 440) => ["-f", "lavfi", "-i", Text($"sine={hertz}:r=48000:d={seconds},aformat=channel_layouts=stereo")];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
