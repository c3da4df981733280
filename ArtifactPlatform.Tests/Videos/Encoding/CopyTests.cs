using System.Diagnostics;
using ArtifactPlatform.Tests.Media;

namespace ArtifactPlatform.Tests.Videos.Encoding;

public sealed class CopyTests
{
    public static TheoryData<string> Containers => ["mp4", "index last", "fragmented", "mkv", "flv", "silent"];

    [Theory]
    [MemberData(nameof(Containers))]
    public async Task A_standard_source_keeps_every_packet(string kind)
    {
        var path = kind switch
        {
            "mp4" => await VideoMedia.StandardAsync(),
            "index last" => await TestMedia.Mp4IndexLastAsync(),
            "fragmented" => await TestMedia.FragmentedMp4Async(),
            "mkv" => await TestMedia.MkvAsync(),
            "flv" => await TestMedia.FlvAsync(),
            _ => await TestMedia.VideoOnlyMp4Async(),
        };

        var made = await VideoStack.MakeAsync(path);

        Assert.Empty(made.Reasons);
        await made.CheckAsync();
        Assert.Equal(await Made.HashAsync(path, "v"), await Made.HashAsync(made.PathOf(made.Package.Video.Single().Track), "v"));
        if (kind != "silent")
        {
            Assert.Equal(await Made.HashAsync(path, "a"), await Made.HashAsync(made.PathOf(made.Package.Audio.Single().Track), "a"));
            Assert.Equal("mp4a.40.2", made.Package.Audio[0].Track.Codecs);
        }
    }

    [Fact]
    public async Task Copied_segments_are_cut_at_keyframes_about_four_seconds_apart()
    {
        var made = await VideoStack.MakeAsync(await VideoMedia.StandardAsync(9));

        Assert.Equal([4, 4, 1.0], made.Package.Video[0].Track.Segments.Select(s => Math.Round(s.Seconds, 3)));
        Assert.All(made.Package.Audio[0].Track.Segments.SkipLast(1), s => Assert.Equal(4, s.Seconds, 0.05));
        Assert.Equal((320, 180, 180, 30.0), (made.Package.Video[0].Width, made.Package.Video[0].Height, made.Package.Video[0].Rung, made.Package.Video[0].FrameRate));
    }

    [Fact]
    public async Task No_segment_is_only_a_few_frames_long()
    {
        // The sound's packets don't end with the picture's frames: one is left over.
        var made = await VideoStack.MakeAsync(await VideoMedia.StandardAsync(4));

        await made.CheckAsync();
        Assert.All(made.Tracks, track => Assert.Equal(4, Assert.Single(track.Segments).Seconds, 0.05));
    }

    [Fact]
    public async Task A_copy_takes_a_moment()
    {
        var path = await VideoMedia.StandardAsync(60, "640x360");
        var seconds = await CopyAsync();
        for (var more = 0; more < 2 && seconds > 5; more++)
        {
            seconds = await CopyAsync();
        }

        // Measured 0.4 s on an idle machine; an encode takes 20 times as long.
        Assert.InRange(seconds, 0, 5);

        async Task<double> CopyAsync()
        {
            var clock = Stopwatch.StartNew();
            var made = await VideoStack.MakeAsync(path);
            Assert.Empty(made.Reasons);
            return clock.Elapsed.TotalSeconds;
        }
    }

    [Fact]
    public async Task What_a_glance_does_not_see_is_found_in_the_package_and_encoded_after_all()
    {
        var path = await VideoMedia.HiddenGapAsync();
        Assert.Empty(await VideoStack.ReasonsAsync(path));

        var made = await VideoStack.MakeAsync(path);

        Assert.Equal(["video: its keyframes are more than 10 s apart"], made.Reasons);
        await made.CheckAsync();
        Assert.All(made.Package.Video[0].Track.Segments, s => Assert.InRange(s.Seconds, 0.1, 4.6));
    }

    [Theory]
    [InlineData("ac3", 48000, "audio: ac3 is not AAC")]
    [InlineData("aac", 22050, "audio: 22050 Hz is neither 44,100 nor 48,000")]
    public async Task Sound_that_does_not_play_everywhere_is_encoded_beside_a_copied_picture(string codec, int hertz, string reason)
    {
        var path = await TestMedia.MakeAsync(
            $"sound-{codec}-{hertz}.mp4",
            ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=30:d=1", "-f", "lavfi", "-i", $"sine=440:r={hertz}:d=1"],
            TestMedia.H264,
            ["-c:a", codec]);

        var made = await VideoStack.MakeAsync(path);

        Assert.Equal([reason], made.Reasons);
        await made.CheckAsync();
        Assert.Equal(await Made.HashAsync(path, "v"), await Made.HashAsync(made.PathOf(made.Package.Video[0].Track), "v"));
        Assert.Equal(48000, made.Package.Audio[0].SampleRate);
    }

    [Fact]
    public async Task An_edit_list_that_cuts_into_the_picture_forbids_a_copy()
    {
        var path = await TestMedia.MakeAsync("cut.mp4", ["-ss", "0.5", "-i", "{0}"], ["-c", "copy"], from: () => VideoMedia.StandardAsync(3));

        Assert.Contains(await VideoStack.ReasonsAsync(path), reason => reason.StartsWith("video: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("both", 2.6, 1.1)]
    [InlineData("sound", 2.6, 1.1)]
    [InlineData("gap", 1.8, 0.3)]
    public async Task Sound_that_an_edit_list_cuts_is_encoded_without_what_was_cut(string kind, double seconds, double beep)
    {
        var path = await VideoMedia.CutSoundAsync(kind);

        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(path));

        Assert.Contains(made.Reasons, reason => reason.StartsWith("audio: an edit list cuts ", StringComparison.Ordinal));
        await made.CheckAsync();
        Assert.Equal(seconds, made.Package.Audio[0].Track.Segments.Sum(s => s.Seconds), 0.05);
        // Pieces meet where packets of 21 ms do, and the clock is brought back in step over the next ones.
        Assert.Equal(beep, await Made.FirstSoundAsync(made.PathOf(made.Package.Video[0].Mp4File ?? "")), kind == "gap" ? 0.05 : 0.02);
    }

    [Fact]
    public async Task Priming_alone_is_no_cut()
    {
        var source = await VideoStack.InspectAsync(await VideoMedia.StandardAsync());

        Assert.Equal(1024 / 48000.0, source.Audio.Single().Cut, 0.0001);
    }

    [Theory]
    [InlineData(8, "320x180", 30)]
    [InlineData(6, "640x360", 60)]
    public async Task A_video_is_as_long_as_its_file_says(double seconds, string size, int rate)
    {
        var path = await VideoMedia.StandardAsync(seconds, size, rate);
        var told = (await VideoStack.InspectAsync(path)).Duration ?? 0;

        foreach (var made in new[] { await VideoStack.MakeAsync(path), await VideoStack.LadderAsync(path) })
        {
            var package = made.Package;
            Assert.Equal(told, package.Duration, 0.002);
            Assert.Equal(seconds, package.Video[0].Track.Segments.Sum(s => s.Seconds), 0.002);
            // A player waits for what the list of one track has over the other.
            Assert.Equal(seconds, package.Audio[0].Track.Segments.Sum(s => s.Seconds), 0.002);
        }
    }

    [Theory]
    [InlineData("mkv")]
    [InlineData("flv")]
    public async Task A_picture_that_begins_a_primings_length_behind_the_sound_begins_the_video(string extension)
    {
        var path = await TestMedia.FlashAndBeepAsync(extension, 2, 1, rate: "25");
        Assert.InRange((await VideoStack.InspectAsync(path)).Video?.Start ?? 0, 0.01, 0.05);

        foreach (var made in new[] { await VideoStack.MakeAsync(path), await VideoStack.LadderAsync(path) })
        {
            await made.CheckEvenAsync(0.04);
            await (await VideoStack.FinishAsync(made)).CheckFlashAndBeepAsync(1);
        }
    }
}
