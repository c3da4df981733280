using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Tests.Media;

public sealed class FragmentCutTests
{
    private const int Rate = 30;

    /// <summary>Pictures that tell their number by their brightness, with B-frames, a key frame every second.</summary>
    private static Task<string> NumberedAsync(string extension = "mp4", string[]? video = null, string[]? audio = null, string name = "") => TestMedia.MakeAsync(
        $"numbered{name}.{extension}",
        ["-f", "lavfi", "-i", "color=black:s=64x64:r=30:d=4,format=gray,geq=lum='16+mod(N*7\\,200)'", "-f", "lavfi", "-i", "aevalsrc='0.8*sin(2*PI*1000*t)*lt(mod(t,1),0.1)':s=48000:d=4"],
        video ?? ["-c:v", "libx264", "-preset", "medium", "-bf", "3", "-g", "30", "-pix_fmt", "yuv420p", "-crf", "10"],
        audio ?? TestMedia.Aac);

    public static TheoryData<double, double> Cuts => new()
    {
        { 1, 3 },           // on key frames
        { 0, 2.5 },         // the end within a group
        { 1.5, 4 },         // the start within a group
        { 0.1, 0.9 },       // within one group
        { 0.7, 3.3 },       // both ends, with whole groups between
        { 1.0333, 1.0667 }, // a single picture
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    public Task A_cut_is_exact_to_the_picture(double from, double to) => AssertExactAsync("mp4", from, to, clockStep: 0.0001);

    [Theory]
    [MemberData(nameof(Cuts))]
    public Task A_cut_is_exact_where_the_file_tells_no_decoding_times(double from, double to) => AssertExactAsync("mkv", from, to, clockStep: 0.001);

    private static async Task AssertExactAsync(string extension, double from, double to, double clockStep)
    {
        var path = await NumberedAsync(extension);
        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.Fragment(0, path, 0, from, to), JoinCheck.Fragment(1, path, 10));

        await JoinCheck.DecodesCleanlyAsync(result.Path);
        var source = await JoinCheck.BrightnessAsync(path);
        var (first, last) = ((int)Math.Round(from * Rate), (int)Math.Round(to * Rate));
        AssertSamePictures([.. source[first..last], .. source], await JoinCheck.BrightnessAsync(result.Path));
        Assert.Equal((last - first) / (double)Rate, result.Fragments[0].Duration, clockStep);
        var times = await JoinCheck.PictureTimesAsync(result.Path);
        // Rounded twice: in the source, and in the joined file.
        Assert.All(times, (time, i) => Assert.Equal(times[0] + (i / (double)Rate), time, 2 * clockStep));
    }

    [Theory]
    [InlineData("webm")]
    [InlineData("flv")]
    [InlineData("hevc")]
    [InlineData("hevc.mkv")]
    public async Task A_cut_between_key_frames_works_for_other_codecs(string kind)
    {
        string[] hevc = ["-c:v", "libx265", "-preset", "ultrafast", "-crf", "10", "-x265-params", "log-level=error:keyint=30:bframes=3", "-pix_fmt", "yuv420p10le"];
        var path = await (kind switch
        {
            "webm" => NumberedAsync("webm", ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-crf", "10", "-b:v", "0", "-g", "30"], TestMedia.Opus, "vp9"),
            "hevc" => NumberedAsync("mp4", hevc, null, "hevc"),
            "hevc.mkv" => NumberedAsync("mkv", hevc, null, "hevc"),
            _ => NumberedAsync(kind, audio: [.. TestMedia.Aac, "-ar", "44100"]),
        });

        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.Fragment(0, path, 0, 0.5, 2.5), JoinCheck.Fragment(1, path, 10));

        await JoinCheck.DecodesCleanlyAsync(result.Path);
        var source = await JoinCheck.BrightnessAsync(path);
        AssertSamePictures([.. source[15..75], .. source], await JoinCheck.BrightnessAsync(result.Path));
    }

    [Fact]
    public async Task Sound_stays_with_the_picture_across_cuts()
    {
        var path = await TestMedia.FlashAndBeepAsync(seconds: 3, at: 1.5);
        var result = await JoinCheck.JoinAsync(
            ArtifactType.Video,
            JoinCheck.Fragment(0, path, 0, 0.7, 2.2), JoinCheck.Fragment(1, path, 1, 1.1333, 1.9), JoinCheck.Fragment(2, path, 2, 0.5), JoinCheck.Fragment(3, path, 3, null, 1.8));

        await JoinCheck.DecodesCleanlyAsync(result.Path);
        Assert.All(await JoinCheck.FlashToBeepAsync(result.Path, Rate, 48000), off => Assert.InRange(off, -1.0 / Rate, 1.0 / Rate));
        Assert.All(result.Fragments, f => Assert.InRange(f.Drift ?? 1, -1.0 / Rate, 1.0 / Rate));
    }

    [Fact]
    public async Task A_cut_outside_the_file_names_the_fragment_and_the_field()
    {
        var path = await TestMedia.Mp4Async(1);

        Assert.Equal("fragments[1].inPoint", (await RefusedAsync(JoinCheck.Fragment(0, path, 0), JoinCheck.Fragment(1, path, 1, 1.5))).Param);
        Assert.Equal("fragments[0].outPoint", (await RefusedAsync(JoinCheck.Fragment(0, path, 0, null, 2))).Param);
        Assert.Equal("fragments[0].outPoint", (await RefusedAsync(JoinCheck.Fragment(0, path, 0, 0.5, 0.5))).Param);
        await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.Fragment(0, path, 0, 0, 1.02)); // rounded up: within a frame

        static Task<MediaRejectedException> RefusedAsync(params LocalFragment[] fragments) =>
            Assert.ThrowsAsync<MediaRejectedException>(() => MediaStack.Joiner.JoinAsync(fragments, ArtifactType.Video, TestMedia.NewFolder(), _ => { }, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(null, 0.01, "outPoint", "at least 0.033333 s")]
    [InlineData(0.5, 0.51, "outPoint", "at least 0.533333 s")]
    [InlineData(0.999, null, "inPoint", "at most 0.966667 s")]
    [InlineData(0.99, 1.0, "inPoint", "at most 0.966667 s")]
    public async Task A_cut_that_leaves_no_picture_names_the_field_and_what_to_change(double? from, double? to, string field, string change)
    {
        var path = await TestMedia.Mp4Async(1);

        await AssertLeavesNothingAsync(ArtifactType.Video, path, from, to, field, change);
    }

    [Theory]
    [InlineData(null, 0.00001, "outPoint", "at least 0.000023 s")]
    [InlineData(1.99999, null, "inPoint", "at most 1.999977 s")]
    public async Task A_cut_that_leaves_no_sample_names_the_field_and_what_to_change(double? from, double? to, string field, string change)
    {
        foreach (var path in new[] { await TestMedia.WavAsync(), await TestMedia.FlacAsync() })
        {
            await AssertLeavesNothingAsync(ArtifactType.Audio, path, from, to, field, change);
        }
    }

    [Theory]
    [InlineData(0.967, null, 1)]
    [InlineData(0.98, null, 1)]
    [InlineData(null, 0.98, 29)]
    [InlineData(null, 0.99, 30)]
    public async Task A_cut_near_the_end_goes_to_the_nearest_picture_too(double? from, double? to, int pictures)
    {
        var path = await TestMedia.Mp4Async(1);

        var result = await JoinCheck.JoinAsync(ArtifactType.Video, JoinCheck.Fragment(0, path, 0, from, to), JoinCheck.Fragment(1, path, 1));

        await JoinCheck.DecodesCleanlyAsync(result.Path);
        Assert.Equal(pictures + Rate, (await JoinCheck.BrightnessAsync(result.Path)).Length);
        Assert.Equal(pictures / (double)Rate, result.Fragments[0].Duration, 0.0001);
    }

    [Theory]
    [InlineData("avi", "mpeg4")]
    [InlineData("ts", "mpeg2video")]
    public async Task A_codec_that_can_not_be_cut_anywhere_says_so(string extension, string codec)
    {
        var path = await NumberedAsync(extension, ["-c:v", codec, "-g", "12", "-sc_threshold", "1000000000"], ["-c:a", "mp2"], codec);

        var e = await Assert.ThrowsAsync<MediaRejectedException>(() => MediaStack.Joiner.JoinAsync([JoinCheck.Fragment(0, path, 0, 0.1)], ArtifactType.Video, TestMedia.NewFolder(), _ => { }, TestContext.Current.CancellationToken));

        Assert.Equal(("fragment_cut_unsupported", "fragments[0].inPoint"), (e.Code, e.Param));
    }

    /// <summary>Alone, and in front of a fragment that would be left.</summary>
    private static async Task AssertLeavesNothingAsync(ArtifactType type, string path, double? from, double? to, string field, string change)
    {
        foreach (var fragments in new LocalFragment[][] { [JoinCheck.Fragment(0, path, 0, from, to)], [JoinCheck.Fragment(0, path, 0, from, to), JoinCheck.Fragment(1, path, 1)] })
        {
            var e = await Assert.ThrowsAsync<MediaRejectedException>(() => MediaStack.Joiner.JoinAsync(fragments, type, TestMedia.NewFolder(), _ => { }, TestContext.Current.CancellationToken));

            Assert.Equal(("fragment_cut_outside", $"fragments[0].{field}"), (e.Code, e.Param));
            Assert.StartsWith($"fragments[0].{field} is ", e.Message, StringComparison.Ordinal);
            Assert.Contains(change, e.Message, StringComparison.Ordinal);
        }
    }

    private static void AssertSamePictures(byte[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 3, $"Picture {i} has brightness {actual[i]}, not {expected[i]}.");
        }
    }
}
