using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Tests.Videos.Encoding;

public sealed class HostileVideoTests
{
    [Fact]
    public async Task Encrypted_media_is_refused_as_such() =>
        Assert.Equal("encrypted_media", (await RejectedAsync(await TestMedia.EncryptedMp4Async())).Code);

    [Fact]
    public async Task A_file_without_streams_is_refused() =>
        Assert.Contains((await RejectedAsync(await VideoMedia.NoStreamsAsync())).Code, new[] { "not_media", "media_unreadable" });

    [Fact]
    public async Task A_picture_wider_than_allowed_is_refused_with_both_numbers()
    {
        var e = await RejectedAsync(await VideoMedia.TooWideAsync());

        Assert.Equal("video_too_large", e.Code);
        Assert.Contains("16385", e.Message, StringComparison.Ordinal);
        Assert.Contains("16384", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100x10")]
    [InlineData("2x2")]
    public async Task A_picture_smaller_than_one_block_is_refused(string size)
    {
        var e = await RejectedAsync(await VideoMedia.SizedAsync(size, 0.5, "ffv1"));

        Assert.Equal("video_too_small", e.Code);
        Assert.Contains(size, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4096x16")]
    [InlineData("16x16")]
    public async Task The_oddest_sizes_become_playable(string size)
    {
        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(await VideoMedia.SizedAsync(size, 0.5, "ffv1")));

        await made.CheckAsync();
        Assert.Equal(size, $"{made.Package.Video[0].Width}x{made.Package.Video[0].Height}");
    }

    [Fact]
    public async Task One_frame_alone_is_refused() =>
        Assert.Equal("video_of_one_frame", (await RejectedAsync(await VideoMedia.OneFrameAsync())).Code);

    [Fact]
    public async Task Dolby_vision_that_only_dolby_decodes_is_refused_and_no_other()
    {
        var only = await VideoMedia.DolbyVisionAsync(profile: 5);
        var compatible = await VideoMedia.DolbyVisionAsync(profile: 8);

        Assert.Equal("dolby_vision_only", (await RejectedAsync(only)).Code);
        Assert.Equal(8, (await VideoStack.InspectAsync(compatible)).Video?.DolbyProfile);
    }

    [Fact]
    public async Task One_frame_behind_sound_becomes_playable_with_all_its_pictures()
    {
        string[] picture = ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=0.04", "-f", "lavfi", "-i", "sine=d=0.4", "-c:a", "aac"];
        foreach (var path in new[] { await TestMedia.MakeAsync("one-frame-sound.mp4", picture, ["-c:v", "libx264", "-pix_fmt", "yuv420p"]), await TestMedia.MakeAsync("one-frame-sound.mkv", picture, ["-c:v", "mpeg4"]) })
        {
            var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(path));

            await made.CheckAsync();
            Assert.Equal((1, 1), (made.Package.Video[0].Track.Segments.Count, made.Package.Storyboard?.Count));
            Assert.True(File.Exists(made.PathOf(PackageFiles.Poster)));
        }
    }

    [Fact]
    public async Task Ten_hours_are_refused_before_anything_is_encoded()
    {
        var e = await Assert.ThrowsAsync<MediaRejectedException>(async () => await VideoStack.InspectAsync(await VideoMedia.BlackHoursAsync(10)));

        Assert.Equal("video_too_long", e.Code);
        Assert.Contains("10.0 h", e.Message, StringComparison.Ordinal);
        Assert.Contains("8 h", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Almost_eight_hours_of_black_are_done_within_limits()
    {
        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(await VideoMedia.BlackHoursAsync(7.5)));

        Assert.Contains("video: its keyframes are more than 10 s apart", made.Reasons);
        Assert.Equal(27000, made.Package.Duration, 1.0);
        Assert.Equal(6750, made.Package.Video[0].Track.Segments.Count);
        Assert.Equal((100, 270.0), (made.Package.Storyboard?.Count, made.Package.Storyboard?.IntervalSeconds));
        Made.CheckRanges(made.Package.Video[0].Track, new FileInfo(made.PathOf(made.Package.Video[0].Track)).Length);
    }

    [Fact]
    public async Task A_file_that_was_cut_off_is_refused_or_made_of_what_is_there()
    {
        var mp4 = await TestMedia.CutShortAsync("encode-cut.mp4", () => TestMedia.Mp4Async(), 0.6);
        var matroska = await TestMedia.CutShortAsync("encode-cut.webm", () => TestMedia.WebmAsync(9), 0.5);
        var stream = await TestMedia.CutShortAsync("encode-cut.ts", () => TestMedia.TransportStreamAsync(), 0.7);

        Assert.Equal("truncated", (await RejectedAsync(mp4)).Code);
        Assert.Equal("truncated", (await RejectedAsync(matroska)).Code);
        // A recording that can stop anywhere.
        var made = await VideoStack.MakeAsync(stream);
        await made.CheckAsync();
        Assert.InRange(made.Package.Duration, 0.5, 2);
    }

    [Fact]
    public async Task Pictures_that_can_not_be_decoded_are_the_files_fault()
    {
        var path = await TestMedia.ChangeAsync("rubbish.mp4", () => TestMedia.HevcTenBitAsync(), bytes =>
        {
            var data = bytes.AsSpan().IndexOf("mdat"u8);
            new Random(1).NextBytes(bytes.AsSpan(data + 4, Math.Min(bytes.AsSpan().IndexOf("moov"u8), bytes.Length) - data - 8));
            return bytes;
        });

        Assert.Equal("media_unreadable", (await RejectedAsync(path)).Code);
    }

    private static Task<MediaRejectedException> RejectedAsync(string path) => Assert.ThrowsAsync<MediaRejectedException>(() => VideoStack.MakeAsync(path));
}
