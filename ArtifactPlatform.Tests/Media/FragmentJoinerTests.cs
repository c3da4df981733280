using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Tests.Media;

public sealed class FragmentJoinerTests
{
    public static TheoryData<string, string, string, int> Formats => new()
    {
        { "mp4", "30", "mp4", 48000 },
        { "mp4", "30000/1001", "mp4", 44100 },
        { "mkv", "25", "mkv", 48000 },
        { "ts", "25", "mp4", 48000 },
        { "mov", "24", "mp4", 48000 },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Joined_fragments_keep_sound_and_picture_within_a_frame(string extension, string rate, string expected, int hertz)
    {
        var perSecond = rate == "30000/1001" ? 30000.0 / 1001 : double.Parse(rate, System.Globalization.CultureInfo.InvariantCulture);
        // A length that is no whole number of sound packets, so that whole packets alone would drift.
        var path = await TestMedia.FlashAndBeepAsync(extension, seconds: 1.2, rate: rate, hertz: hertz);
        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.EndToEnd([.. Enumerable.Repeat(path, 8)]));

        Assert.Equal(expected, result.Extension);
        await JoinCheck.DecodesCleanlyAsync(result.Path);
        var source = (await JoinCheck.FlashToBeepAsync(path, perSecond, hertz))[0];
        Assert.All(await JoinCheck.FlashToBeepAsync(result.Path, perSecond, hertz), off => Assert.InRange(off - source, -1 / perSecond, 1 / perSecond));
        Assert.All(result.Fragments, f => Assert.InRange(f.Drift ?? 1, -1 / perSecond, 1 / perSecond));
        var probed = await MediaStack.ProbeAsync(result.Path, ArtifactType.Video);
        Assert.Equal(result.Fragments.Sum(f => f.Duration), probed.DurationSeconds, 1 / perSecond);
        Assert.Equal((await JoinCheck.BrightnessAsync(path)).Length * 8, (await JoinCheck.BrightnessAsync(result.Path)).Length);
    }

    [Fact]
    public async Task Webm_stays_webm()
    {
        var path = await TestMedia.FlashAndBeepAsync("webm", seconds: 1.2, video: TestMedia.Vp9, audio: TestMedia.Opus);
        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.EndToEnd(path, path, path));

        Assert.Equal("webm", result.Extension);
        await JoinCheck.DecodesCleanlyAsync(result.Path);
        Assert.All(await JoinCheck.FlashToBeepAsync(result.Path, 30, 48000), off => Assert.InRange(off, -1.5 / 30, 1.5 / 30));
        Assert.Equal(3.6, (await MediaStack.ProbeAsync(result.Path, ArtifactType.Video)).DurationSeconds, 1.0 / 30);
    }

    [Fact]
    public async Task Prores_stays_a_mov()
    {
        var path = await TestMedia.ProResMovAsync();
        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.EndToEnd(path, path));

        Assert.Equal("mov", result.Extension);
        await JoinCheck.DecodesCleanlyAsync(result.Path);
        Assert.Equal(2, (await MediaStack.ProbeAsync(result.Path, ArtifactType.Video)).DurationSeconds, 1.0 / 30);
    }

    [Fact]
    public async Task Ten_bit_hevc_from_different_encodes_joins()
    {
        var plain = await TestMedia.HevcTenBitAsync(1);
        var other = await TestMedia.HevcTenBitAsync(1, hdr: false);
        var same = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.EndToEnd(plain, plain));
        var differs = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.EndToEnd(plain, other));

        await JoinCheck.DecodesCleanlyAsync(same.Path);
        await JoinCheck.DecodesCleanlyAsync(differs.Path);
        Assert.Equal((60, 60), ((await JoinCheck.BrightnessAsync(same.Path)).Length, (await JoinCheck.BrightnessAsync(differs.Path)).Length));
    }

    [Fact]
    public async Task H264_from_different_encodes_on_different_clocks_joins()
    {
        var first = await TestMedia.FlashAndBeepAsync();
        var other = await TestMedia.FlashAndBeepAsync(video: ["-c:v", "libx264", "-preset", "medium", "-bf", "3", "-refs", "4", "-pix_fmt", "yuv420p", "-video_track_timescale", "30000"], name: "other");
        var plain = await TestMedia.FlashAndBeepAsync(video: ["-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-pix_fmt", "yuv420p"], name: "baseline");
        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.EndToEnd(plain, first, other, plain, other, first));

        await JoinCheck.DecodesCleanlyAsync(result.Path);
        Assert.Equal(180, (await JoinCheck.BrightnessAsync(result.Path)).Length);
        Assert.All(await JoinCheck.FlashToBeepAsync(result.Path, 30, 48000), off => Assert.InRange(off, -1.5 / 30, 1.5 / 30));
    }

    [Fact]
    public async Task H264_from_different_encodes_without_decoding_times_joins()
    {
        var reordered = await TestMedia.FlashAndBeepAsync("mkv");
        var plain = await TestMedia.FlashAndBeepAsync("mkv", video: ["-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-pix_fmt", "yuv420p"], name: "baseline");
        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.EndToEnd(plain, reordered, plain, reordered));

        // Only a container with decoding times keeps them right for who copies from it.
        Assert.Equal("mp4", result.Extension);
        await JoinCheck.DecodesCleanlyAsync(result.Path);
        Assert.Equal(120, (await JoinCheck.BrightnessAsync(result.Path)).Length);
        Assert.All(await JoinCheck.FlashToBeepAsync(result.Path, 30, 48000), off => Assert.InRange(off, -1.5 / 30, 1.5 / 30));
    }

    [Fact]
    public async Task Fragments_go_in_order_of_start_time_and_gaps_and_overlaps_are_reported()
    {
        var one = await TestMedia.Mp4Async(1);
        var two = await TestMedia.Mp4Async(2);
        var result = await JoinCheck.JoinAsync(
            ArtifactType.Video,
            JoinCheck.Fragment(0, one, 10), JoinCheck.Fragment(1, two, 0), JoinCheck.Fragment(2, one, 1.5), JoinCheck.Fragment(3, two, 10));

        Assert.Equal([1, 2, 0, 3], result.Fragments.Select(f => f.Index));
        Assert.Equal([0, 2, 3, 4], result.Fragments.Select(f => Math.Round(f.PlacedAt, 2)));
        Assert.Equal([0, -0.5, 7.5, -1], result.Fragments.Select(f => Math.Round(f.GapClosed, 2)));
        Assert.Equal([2, 1, 1, 2], result.Fragments.Select(f => Math.Round(f.Duration, 2)));
    }

    [Fact]
    public async Task A_single_fragment_is_a_join_too()
    {
        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.Fragment(0, await TestMedia.Mp4Async(1), 5));

        Assert.Equal((0, 0.0, 1.0), (result.Fragments[0].GapClosed, result.Fragments[0].PlacedAt, Math.Round(result.Fragments[0].Duration, 3)));
    }

    [Fact]
    public async Task Pictures_without_sound_join()
    {
        var path = await TestMedia.VideoOnlyMp4Async(1);
        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.EndToEnd(path, path));

        Assert.All(result.Fragments, f => Assert.Null(f.Drift));
        Assert.Equal(2, (await MediaStack.ProbeAsync(result.Path, ArtifactType.Video)).DurationSeconds, 0.001);
    }

    [Fact]
    public async Task Sound_that_ends_before_the_picture_is_filled_with_silence()
    {
        var path = await TestMedia.MakeAsync(
            "short-sound.mp4",
            ["-f", "lavfi", "-i", "color=black:s=160x120:r=30:d=2,drawbox=c=white:t=fill:enable='between(t,0.5,0.599)'", "-f", "lavfi", "-i", "aevalsrc='0.8*sin(2*PI*1000*t)*between(t,0.5,0.6)':s=48000:d=1.3"],
            TestMedia.H264,
            TestMedia.Aac);
        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.EndToEnd(path, path, path));

        await JoinCheck.DecodesCleanlyAsync(result.Path);
        Assert.All(await JoinCheck.FlashToBeepAsync(result.Path, 30, 48000), off => Assert.InRange(off, -1.0 / 30, 1.0 / 30));
    }

    [Fact]
    public async Task Sound_that_goes_on_after_the_picture_is_kept()
    {
        var path = await TestMedia.MakeAsync(
            "long-sound.mp4",
            ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=30:d=1", "-f", "lavfi", "-i", "sine=440:r=48000:d=1.5"],
            TestMedia.H264,
            TestMedia.Aac);
        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.EndToEnd(path, path));

        Assert.Equal([1.5, 1.5], result.Fragments.Select(f => Math.Round(f.Duration, 1)));
        Assert.Equal(3, (await MediaStack.ProbeAsync(result.Path, ArtifactType.Video)).DurationSeconds, 1.0 / 30);
    }

    [Fact]
    public async Task The_last_of_many_joins_is_as_exact_as_the_first()
    {
        // 7 frames at 29.97: 0.2336 s, no whole number of sound packets, of microseconds, or of milliseconds. A millisecond lost in each of
        // 50 joins would be more than a frame in the end.
        const int Parts = 50;
        var path = await TestMedia.FlashAndBeepAsync(seconds: 0.2335, at: 0.1, rate: "30000/1001", hertz: 44100);
        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.EndToEnd([.. Enumerable.Repeat(path, Parts)]));

        const double Frame = 1001.0 / 30000;
        var frames = (await JoinCheck.BrightnessAsync(path)).Length;
        Assert.Equal(frames * Parts, (await JoinCheck.BrightnessAsync(result.Path)).Length);
        Assert.Equal(frames * Parts * Frame, (await MediaStack.ProbeAsync(result.Path, ArtifactType.Video)).DurationSeconds, Frame);
        Assert.Equal(frames * (Parts - 1) * Frame, result.Fragments[^1].PlacedAt, 0.000001);
        Assert.All(result.Fragments, f => Assert.InRange(f.Drift ?? 1, -Frame, Frame));
        var samples = await JoinCheck.SamplesAsync(result.Path, 44100);
        Assert.Equal(frames * Parts * Frame, samples.Length / 44100.0, Frame);
    }

    [Fact]
    public async Task Paths_with_quotes_and_blanks_are_joined()
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestMedia.NewFolder(), "it's a 'test' ; $(x) \\ ü")).FullName;
        var path = Path.Combine(folder, "a 'b'.mp4");
        File.Copy(await TestMedia.Mp4Async(1), path);

        var result = await MediaStack.Joiner.JoinAsync(JoinCheck.EndToEnd(path, path), ArtifactType.Video, folder, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(2, (await MediaStack.ProbeAsync(result.Path, ArtifactType.Video)).DurationSeconds, 1.0 / 30);
    }

    [Fact]
    public async Task A_cancelled_join_leaves_no_pieces()
    {
        var folder = TestMedia.NewFolder();
        using var stop = new CancellationTokenSource();
        var path = await TestMedia.Mp4Async(1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MediaStack.Joiner.JoinAsync(JoinCheck.EndToEnd(path, path, path), ArtifactType.Video, folder, _ => stop.Cancel(), stop.Token));

        Assert.Empty(Directory.EnumerateDirectories(folder));
    }

    [Fact]
    public async Task Checking_takes_files_and_names_what_differs()
    {
        var fits = MediaInput.FromFile(await TestMedia.Mp4Async(1));
        var differs = MediaInput.FromFile(await TestMedia.Mp4Async(1, rate: "25"));
        var ct = TestContext.Current.CancellationToken;

        await MediaStack.Joiner.CheckAsync([Source(0, fits), Source(1, fits)], ArtifactType.Video, ct);
        var e = await Assert.ThrowsAsync<MediaRejectedException>(() => MediaStack.Joiner.CheckAsync([Source(0, fits), Source(1, fits), Source(2, differs)], ArtifactType.Video, ct));

        Assert.Equal(("fragment_mismatch", "fragments[2].frameRate"), (e.Code, e.Param));
        Assert.StartsWith("fragments[2] has frame rate 25, fragments[0] has 30;", e.Message, StringComparison.Ordinal);

        static FragmentSource Source(int index, MediaInput input) => new(index, input, new FileInfo(input.FilePath!).Length);
    }
}
