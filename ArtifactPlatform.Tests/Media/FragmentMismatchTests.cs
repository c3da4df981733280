using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Tests.Media;

public sealed class FragmentMismatchTests
{
    public static TheoryData<string, string, string[], string[]> Differences => new()
    {
        { "videoCodec", "fragments[1] has video codec mpeg4, fragments[0] has h264;", ["-c:v", "mpeg4"], TestMedia.Aac },
        { "resolution", "fragments[1] has resolution 128x96, fragments[0] has 160x120;", ["-s", "128x96", .. TestMedia.H264], TestMedia.Aac },
        { "frameRate", "fragments[1] has frame rate 29.97, fragments[0] has 30;", ["-r", "30000/1001", .. TestMedia.H264], TestMedia.Aac },
        { "pixelFormat", "fragments[1] has pixel format yuv422p, fragments[0] has yuv420p;", [.. TestMedia.H264, "-pix_fmt", "yuv422p"], TestMedia.Aac },
        { "sampleAspectRatio", "fragments[1] has sample aspect ratio 1.333, fragments[0] has 1;", ["-vf", "setsar=4/3", .. TestMedia.H264], TestMedia.Aac },
        { "rotation", "fragments[1] has rotation 90, fragments[0] has 0;", ["-c", "copy", "-metadata:s:v", "rotate=270"], [] },
        { "audioCodec", "fragments[1] has audio codec mp3, fragments[0] has aac;", TestMedia.H264, ["-c:a", "libmp3lame"] },
        { "sampleRate", "fragments[1] has sample rate 44100 Hz, fragments[0] has 48000 Hz;", TestMedia.H264, ["-ar", "44100", .. TestMedia.Aac] },
        { "channels", "fragments[1] has number of channels 1, fragments[0] has 2;", TestMedia.H264, ["-ac", "1", .. TestMedia.Aac] },
        { "audioTracks", "fragments[1] has number of audio tracks 2, fragments[0] has 1;", ["-map", "0:v", "-map", "0:a", "-map", "0:a", .. TestMedia.H264], TestMedia.Aac },
        { "streams", "fragments[1] has streams video, fragments[0] has video and audio;", TestMedia.H264, ["-an"] },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public async Task What_differs_is_named(string field, string message, string[] video, string[] audio)
    {
        var first = await TestMedia.Mp4Async(1);
        var other = await TestMedia.MakeAsync($"differs-{field}.mp4", ["-i", first], video, audio);

        var e = await RefusedAsync(ArtifactType.Video, first, other);

        Assert.Equal(("fragment_mismatch", $"fragments[1].{field}"), (e.Code, e.Param));
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Audio_tracks_that_would_be_lost_are_refused(int fragments)
    {
        var path = await TestMedia.MakeAsync("two-tracks.mp4", ["-i", await TestMedia.Mp4Async(1)], ["-map", "0:v", "-map", "0:a", "-map", "0:a", "-c", "copy"]);

        foreach (var type in new[] { ArtifactType.Video, ArtifactType.Audio })
        {
            var e = await RefusedAsync(type, [.. Enumerable.Repeat(path, fragments)]);

            Assert.Equal(("fragment_mismatch", "fragments[0].audioTracks"), (e.Code, e.Param));
            Assert.StartsWith("fragments[0] has 2 audio tracks,", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Sound_of_other_depth_does_not_fit()
    {
        var e = await RefusedAsync(ArtifactType.Audio, await TestMedia.FlacAsync(1), await TestMedia.FlacAsync(1, bits: 24));

        Assert.Equal("fragments[1].sampleFormat", e.Param);
    }

    [Fact]
    public async Task Fragments_that_are_no_media_are_named()
    {
        var good = await TestMedia.Mp4Async(1);
        var page = await TestMedia.BytesAsync("error.html", "<html><body>not found</body></html>"u8.ToArray());
        var cut = await TestMedia.CutShortAsync("half.mp4", () => TestMedia.Mp4Async(1), 0.5);
        var none = await TestMedia.BytesAsync("none.mp4", []);

        Assert.Equal(("html_page", "fragments[1]"), Of(await RefusedAsync(ArtifactType.Video, good, page)));
        Assert.Equal(("truncated", "fragments[0]"), Of(await RefusedAsync(ArtifactType.Video, cut, good)));
        Assert.Equal(("empty_file", "fragments[2]"), Of(await RefusedAsync(ArtifactType.Video, good, good, none)));
        Assert.Equal(("no_video_stream", "fragments[1]"), Of(await RefusedAsync(ArtifactType.Video, good, await TestMedia.M4aAsync(1))));

        static (string, string?) Of(MediaRejectedException e)
        {
            Assert.StartsWith($"{e.Param}: ", e.Message, StringComparison.Ordinal);
            return (e.Code, e.Param);
        }
    }

    private static async Task<MediaRejectedException> RefusedAsync(ArtifactType type, params string[] paths)
    {
        var folder = TestMedia.NewFolder();
        var e = await Assert.ThrowsAsync<MediaRejectedException>(() => MediaStack.Joiner.JoinAsync(JoinCheck.EndToEnd(paths), type, folder, _ => { }, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        return e;
    }
}
