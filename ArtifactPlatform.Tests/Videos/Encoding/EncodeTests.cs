using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Videos.Encoding;

public sealed class EncodeTests
{
    private const double Frame = 1.0 / 30;
    private const double AacFrame = 1024.0 / 44100;

    public static TheoryData<string, string, double, string> Kinds => new()
    {
        { "hevc10", "160x120", 1, "video: hevc is not H.264" },
        { "hlg", "160x120", 1, "video: hevc is not H.264" },
        { "vp9", "160x120", 2, "video: vp9 is not H.264" },
        { "prores", "160x120", 1, "video: prores is not H.264" },
        { "422", "160x120", 1, "video: yuv422p10le is not 8-bit 4:2:0" },
        { "rotated", "120x160", 1, "video: it is to be turned by 90°" },
        { "anamorphic", "192x120", 1, "video: its pixels are not square" },
        { "interlaced", "160x120", 1, "video: it is interlaced" },
        { "ts", "160x120", 2, "video: in mpegts, where a stream's parameters may change on the way" },
        { "odd", "160x120", 1, "video: mpeg4 is not H.264" },
        { "sparse", "64x64", 26, "video: its keyframes are more than 10 s apart" },
        { "flat", "100x16", 1, "video: mpeg4 is not H.264" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_kind_of_picture_becomes_one_that_plays_everywhere(string kind, string size, double seconds, string reason)
    {
        var made = await VideoStack.MakeAsync(await FileAsync(kind));

        Assert.Contains(reason, made.Reasons);
        await made.CheckAsync();
        Assert.Equal(size, $"{made.Package.Video[0].Width}x{made.Package.Video[0].Height}");
        Assert.All(made.Tracks, track => Assert.Equal(seconds, track.Segments.Sum(s => s.Seconds), Frame + (2 * AacFrame)));
    }

    private static Task<string> FileAsync(string kind) => kind switch
    {
        "hevc10" => TestMedia.HevcTenBitAsync(),
        "hlg" => TestMedia.HlgAsync(),
        "vp9" => TestMedia.WebmAsync(),
        "prores" => TestMedia.ProResMovAsync(),
        "422" => VideoMedia.FourTwoTwoAsync(),
        "rotated" => TestMedia.RotatedMp4Async(),
        "anamorphic" => TestMedia.AnamorphicMp4Async(),
        "interlaced" => TestMedia.InterlacedMp4Async(),
        "ts" => TestMedia.TransportStreamAsync(),
        "odd" => VideoMedia.SizedAsync("161x121"),
        "sparse" => VideoMedia.SparseKeyframesAsync(),
        _ => VideoMedia.SizedAsync("100x16"),
    };

    /// <param name="matrix">That the pixels are stored by.</param>
    /// <param name="range">That they are stored in.</param>
    [Theory]
    [InlineData("mp4", "1280x720", "bt709", "tv", true)]
    [InlineData("mp4", "1280x720", "bt709", "tv", false)]
    [InlineData("mp4", "1280x720", "bt709", "pc", true)]
    [InlineData("mp4", "1280x720", "bt601", "tv", true)]
    [InlineData("mp4", "640x360", "bt601", "tv", false)]
    [InlineData("mp4", "640x360", "bt601", "pc", true)]
    [InlineData("webm", "1280x720", "bt709", "pc", true)]
    [InlineData("webm", "1280x720", "bt709", "tv", true)]
    public async Task Colours_stay_what_they_are_in_every_rung(string extension, string size, string matrix, string range, bool isTagged)
    {
        string[] tags = isTagged ? ["-colorspace", matrix == "bt709" ? "bt709" : "smpte170m", "-color_range", range] : [];
        var path = await TestMedia.MakeAsync(
            $"colour-{size}-{matrix}-{range}-{isTagged}.{extension}",
            ["-f", "lavfi", "-i", $"color=0xC03A20:s={size}:r=30:d=1"],
            ["-vf", $"format=rgb24,scale=out_color_matrix={matrix}:out_range={range},format=yuv420p"],
            extension == "webm" ? TestMedia.Vp9 : TestMedia.H264,
            tags);

        var made = await VideoStack.LadderAsync(path);

        foreach (var rung in made.Package.Video)
        {
            var colour = await Made.ColourAsync(made.PathOf(rung.Track));
            Assert.True(colour is [>= 0xBC and <= 0xC4, >= 0x36 and <= 0x3E, >= 0x1C and <= 0x24], $"{rung.Rung}: {Convert.ToHexString(colour)}");
        }
    }

    [Theory]
    [InlineData("bt2020nc", "yuv420p10le")]
    [InlineData("bt709", "yuv420p")]
    [InlineData("gbr", "gbrp")]
    public async Task Wide_colours_of_no_wide_range_are_brought_into_the_narrow_ones(string matrix, string pixels)
    {
        var path = await TestMedia.MakeAsync(
            $"wide-{matrix}.mp4",
            ["-f", "lavfi", "-i", "color=0xC03A20:s=320x180:r=30:d=1"],
            ["-vf", "format=gbrp,zscale=tin=bt709:pin=bt709:min=gbr:rin=full:t=bt709:p=bt2020:" + (matrix == "gbr" ? "m=gbr:r=full" : $"m={matrix}:r=limited") + $",format={pixels}", "-c:v", "libx265", "-preset", "ultrafast"],
            ["-x265-params", "log-level=error:colorprim=bt2020:transfer=bt2020-10:colormatrix=" + matrix]);

        var made = await VideoStack.MakeAsync(path);

        var colour = await Made.ColourAsync(made.PathOf(made.Package.Video[0].Track));
        Assert.True(colour is [>= 0xBA and <= 0xC6, >= 0x34 and <= 0x40, >= 0x1A and <= 0x26], Convert.ToHexString(colour));
    }

    [Fact]
    public async Task All_rungs_come_from_one_run_and_switch_at_the_same_keyframes()
    {
        List<double> progress = [];

        var made = await VideoStack.MakeAsync(await VideoMedia.SizedAsync("854x480", 9, "mjpeg"), progress: share =>
        {
            lock (progress)
            {
                progress.Add(share);
            }
        });

        await made.CheckAsync();
        Assert.Equal([480, 360, 240], made.Package.Video.Select(v => v.Rung));
        Assert.Equal([0, 4, 8], await Made.KeyTimesAsync(made.PathOf(made.Package.Video[0].Track)));
        Assert.All(made.Package.Video, v => Assert.Equal([4, 4, 1.0], v.Track.Segments.Select(s => Math.Round(s.Seconds, 3))));
        // Within what the buffer of two seconds lets by.
        Assert.All(made.Package.Video, v => Assert.True(v.Track.AverageBitsPerSecond < v.TargetKbps * 1300, $"{v}"));
        Assert.All(made.Package.Video, v => Assert.Equal(30, v.FrameRate, 0.001));
        Assert.Equal(1, progress[^1]);
        Assert.Equal(progress.Order(), progress);
    }

    [Fact]
    public async Task A_quality_caps_the_sizes_and_so_forbids_a_copy()
    {
        var path = await VideoMedia.StandardAsync(1, "1280x720");

        var made = await VideoStack.MakeAsync(path, "480p");

        Assert.Equal(["video: 1280x720 is larger than the 854x480 asked for"], made.Reasons);
        Assert.Equal([480, 360, 240], made.Package.Video.Select(v => v.Rung));
        // The sound needed nothing.
        Assert.Equal(await Made.HashAsync(path, "a"), await Made.HashAsync(made.PathOf(made.Package.Audio[0].Track), "a"));
    }

    [Fact]
    public async Task Any_segment_can_be_decoded_behind_the_header()
    {
        var made = await VideoStack.MakeAsync(await VideoMedia.SizedAsync("320x240", 9));
        var track = made.Package.Video[0].Track;
        var bytes = await File.ReadAllBytesAsync(made.PathOf(track));

        foreach (var segment in track.Segments)
        {
            var slice = Path.Combine(made.Folder, "slice.mp4");
            await File.WriteAllBytesAsync(slice, [.. bytes[..(int)track.InitLength], .. bytes[(int)segment.Offset..(int)(segment.Offset + segment.Length)]]);

            Assert.Equal("", await Made.DecodeAsync(slice));
            Assert.Equal(segment.Seconds * 30, (await Made.BrightnessAsync(slice, 30)).Length, 61.0 * segment.Seconds);
        }
    }

    public static TheoryData<string> Synced => ["plain", "variable", "late sound", "late picture"];

    [Theory]
    [MemberData(nameof(Synced))]
    public async Task Sound_and_picture_stay_together(string kind)
    {
        var path = kind switch
        {
            "plain" => await TestMedia.FlashAndBeepAsync("mkv", 2, 1, audio: TestMedia.Opus),
            "variable" => await TestMedia.FlashAndBeepAsync("mkv", 2, 1, video: ["-vf", "select='not(between(t,0.2,0.9))+not(mod(n,5))'", "-fps_mode", "vfr", "-c:v", "mpeg4"], audio: TestMedia.Opus, name: "vfr"),
            "late sound" => await VideoMedia.LateSoundAsync(),
            _ => await VideoMedia.LatePictureAsync(),
        };

        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(path));

        await made.CheckAsync();
        var flash = Array.FindIndex(await Made.BrightnessAsync(made.PathOf(made.Package.Video[0].Track)), luma => luma > 128) / 100.0;
        Assert.Equal(1, flash, 0.04);
        Assert.Equal(1, await Made.FirstSoundAsync(made.PathOf(made.Package.Audio[0].Track)), 0.03);
        var mp4 = made.PathOf(made.Package.Video[0].Mp4File ?? "");
        Assert.Equal(1, Array.FindIndex(await Made.BrightnessAsync(mp4), luma => luma > 128) / 100.0, 0.04);
        Assert.Equal(1, await Made.FirstSoundAsync(mp4), 0.03);
    }

    [Fact]
    public async Task Steady_frames_stay_steady_where_the_sound_begins_a_moment_before_them()
    {
        var path = await VideoMedia.EarlySoundAsync();
        Assert.Equal(0.0213, (await VideoStack.InspectAsync(path)).Video?.Start ?? 0, 0.001);

        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(path));

        await made.CheckAsync();
        await made.CheckEvenAsync(0.04);
        Assert.Equal(25, made.Package.Video[0].FrameRate, 0.001);
        Assert.Equal(6, made.Package.Video[0].Track.Segments.Sum(s => s.Seconds), 0.001);
        await made.CheckFlashAndBeepAsync(3);
    }

    [Fact]
    public async Task The_last_of_varying_frames_is_shown_to_its_end()
    {
        var path = await VideoMedia.SlowEndAsync();

        var made = await VideoStack.LadderAsync(path);

        await made.CheckAsync();
        var times = await Made.FrameTimesAsync(made.PathOf(made.Package.Video[0].Track));
        Assert.Equal(7.9, times[^1], 0.001);
        Assert.InRange(made.Package.Video[0].Track.Segments.Sum(s => s.Seconds), times[^1] + (1 / 30.0) - 0.001, times[^1] + 0.101);
        Assert.Equal(4, made.Package.Video[0].Track.Segments[0].Seconds, 0.001);
    }

    [Fact]
    public async Task Rough_frame_times_are_kept()
    {
        var made = await VideoStack.MakeAsync(await VideoMedia.RoughTimesAsync());

        await made.CheckAsync(hasRoughTimes: true);
        Assert.InRange(made.Package.Video[0].FrameRate, 10, 25);
        Assert.Equal(6, made.Package.Video[0].Track.Segments.Sum(s => s.Seconds), 0.1);
    }

    [Fact]
    public async Task A_phones_trembling_frame_times_are_put_right()
    {
        var path = await VideoMedia.TremblingAsync();
        Assert.True((await VideoStack.InspectAsync(path)).Video?.IsVariableRate);

        var made = await VideoStack.MakeAsync(path);

        await made.CheckAsync();
        Assert.InRange(made.Package.Video[0].FrameRate, 27, 30.01);
    }

    [Fact]
    public async Task A_hundred_and_twenty_frames_become_sixty()
    {
        var made = await VideoStack.MakeAsync(await VideoMedia.FastAsync());

        Assert.Equal(["video: 120 frames a second are more than 60"], made.Reasons);
        Assert.Equal(60, made.Package.Video[0].FrameRate, 0.5);
        await made.CheckAsync();
    }

    [Fact]
    public async Task Each_sound_track_is_kept_once_with_its_language_and_a_name_of_its_own()
    {
        var made = await VideoStack.MakeAsync(await VideoMedia.ThreeLanguagesAsync());

        await made.CheckAsync();
        Assert.Equal([("en", "Main 'cut'", true), ("de", "Main 'cut' 2", false), ("und", "Audio", false)], made.Package.Audio.Select(a => (a.Language, a.Name, a.IsDefault)));
        Assert.All(made.Package.Audio, a => Assert.Equal("mp4a.40.2", a.Track.Codecs));
    }

    [Fact]
    public async Task Surround_sound_becomes_stereo()
    {
        var made = await VideoStack.MakeAsync(await TestMedia.SurroundMp4Async());

        Assert.Equal(["audio: 6 channels do not play everywhere"], made.Reasons);
        Assert.Equal(2, made.Package.Audio.Single().Channels);
        Assert.Equal(2, (await MediaStack.Media.HeadersAsync(MediaInput.FromFile(made.PathOf(made.Package.Audio[0].Track)), CancellationToken.None)).Streams[0].Channels);
        await made.CheckAsync();
    }

    [Fact]
    public async Task Picture_alone_and_sound_alone_are_packages_too()
    {
        var silent = await VideoStack.FinishAsync(await VideoStack.MakeAsync(await VideoMedia.SizedAsync("320x240")));
        var blind = await VideoStack.FinishAsync(await VideoStack.MakeAsync(await TestMedia.FlacAsync()));
        var cover = await VideoStack.MakeAsync(await TestMedia.M4aAsync(cover: true));

        foreach (var made in new[] { silent, blind, cover })
        {
            await made.CheckAsync();
        }

        Assert.Equal((1, 0), (silent.Package.Video.Count, silent.Package.Audio.Count));
        Assert.Equal((0, 1), (blind.Package.Video.Count, blind.Package.Audio.Count));
        Assert.Equal((0, 1), (cover.Package.Video.Count, cover.Package.Audio.Count));
        Assert.Null(blind.Package.Storyboard);
        Assert.Equal(2, blind.Package.Duration, 0.05);
    }

    /// <summary>BT.2408 puts white at 203 cd/m², which is 58 % of PQ and 75 % of HLG, and mid grey at 26; brighter is highlight, and must not clip white with it.</summary>
    [Theory]
    [InlineData("smpte2084", "000000", 0, 8)]
    [InlineData("smpte2084", "606060", 75, 115)]
    [InlineData("smpte2084", "949494", 170, 215)]
    [InlineData("smpte2084", "C0C0C0", 235, 255)]
    [InlineData("arib-std-b67", "000000", 0, 8)]
    [InlineData("arib-std-b67", "616161", 75, 115)]
    [InlineData("arib-std-b67", "BFBFBF", 170, 215)]
    public async Task Hdr_is_brought_down_to_what_a_common_screen_shows(string transfer, string grey, int least, int most)
    {
        var hdr = await TestMedia.MakeAsync(
            $"hdr-{transfer}-{grey}.mkv",
            ["-f", "lavfi", "-i", $"color=0x{grey}:s=64x64:r=10:d=0.5,format=yuv420p10le"],
            ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc"]);

        var made = await VideoStack.MakeAsync(hdr);

        await made.CheckAsync();
        Assert.InRange((await Made.BrightnessAsync(made.PathOf(made.Package.Video[0].Track), 10))[0], least, most);
    }

    [Fact]
    public async Task Place_and_device_are_not_published()
    {
        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(await VideoMedia.TaggedAsync()));

        foreach (var file in Directory.GetFiles(made.Folder, "*.mp4"))
        {
            var document = await MediaStack.Media.HeadersAsync(MediaInput.FromFile(file), CancellationToken.None);
            Assert.DoesNotContain(document.Format.Tags, tag => tag.Value.Contains("52.5", StringComparison.Ordinal) || tag.Value.Contains("house", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Arguments_are_those_of_one_run_that_writes_each_track_once()
    {
        var source = await VideoStack.InspectAsync(await VideoMedia.ThreeLanguagesAsync());
        var plan = PackagePlan.Of(source, null, [new("video", source.Video?.Index ?? -1, "for the test"), .. CopyCheck.FromHeaders(source, null)]);

        var arguments = PackageArguments.For(plan, "/out", new FfmpegOptions { ThreadCount = 3 });

        Assert.Single(arguments, "-i");
        Assert.Equal(["file:/out/video-120.mp4", "file:/out/storyboard.jpg", "file:/out/audio-0.mp4", "file:/out/audio-1.mp4", "file:/out/audio-2.mp4"], arguments.Where(a => a.StartsWith("file:/out/", StringComparison.Ordinal)));
        Assert.Equal(2, arguments.Count(a => a == "3"));
    }
}
