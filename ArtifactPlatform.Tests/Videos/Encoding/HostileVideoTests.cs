using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Videos.Encoding;

public sealed class HostileVideoTests
{
    [Theory]
    [InlineData("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "playlist_not_allowed")]
    [InlineData("list.ffconcat", "ffconcat version 1.0\nfile '/etc/passwd'\n", "playlist_not_allowed")]
    [InlineData("words.mp4", "This is a text and not a video.\n", "not_media")]
    [InlineData("nothing.mp4", "", "empty_file")]
    public async Task What_is_no_media_is_refused_by_what_it_is(string name, string content, string code) =>
        Assert.Equal(code, (await RejectedAsync(await TestMedia.BytesAsync("encode-" + name, System.Text.Encoding.UTF8.GetBytes(content)))).Code);

    [Fact]
    public async Task Encrypted_media_is_refused_as_such() =>
        Assert.Equal("encrypted_media", (await RejectedAsync(await TestMedia.EncryptedMp4Async())).Code);

    [Fact]
    public async Task A_file_without_streams_is_refused()
    {
        // A movie header and nothing in it.
        byte[] bytes = [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 2, 0, 0, 0, 0, 116, .. "moov"u8, 0, 0, 0, 108, .. "mvhd"u8, .. new byte[12], 0, 0, 3, 232, .. new byte[84]];

        Assert.Contains((await RejectedAsync(await TestMedia.BytesAsync("no-streams.mp4", bytes))).Code, new[] { "not_media", "media_unreadable" });
    }

    [Fact]
    public async Task A_picture_wider_than_allowed_is_refused_with_both_numbers()
    {
        var e = await RejectedAsync(await TestMedia.MakeAsync("wide.mkv", ["-f", "lavfi", "-i", "testsrc=s=16385x16:r=1:d=1"], ["-c:v", "ffv1"]));

        Assert.Equal("video_too_large", e.Code);
        Assert.Contains("16385", e.Message, StringComparison.Ordinal);
        Assert.Contains("16384", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4096x16", "4096x16")]
    [InlineData("2x2", "2x2")]
    [InlineData("100x10", "100x10")]
    public async Task The_oddest_sizes_become_playable(string size, string top)
    {
        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(await VideoMedia.SizedAsync(size, 0.5, "ffv1")));

        await made.CheckAsync();
        Assert.Equal(top, $"{made.Package.Video[0].Width}x{made.Package.Video[0].Height}");
    }

    [Fact]
    public async Task One_frame_becomes_playable_with_all_its_pictures()
    {
        foreach (var path in new[] { await VideoMedia.OneFrameAsync(), await TestMedia.MakeAsync("one-frame.mkv", ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=1"], ["-frames:v", "1", "-c:v", "mpeg4"]) })
        {
            var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(path));

            await made.CheckAsync();
            Assert.Equal((1, 1), (made.Package.Video[0].Track.Segments.Count, made.Package.Storyboard?.Count));
            Assert.True(File.Exists(made.PathOf(PackageFiles.Poster)));
        }
    }

    [Fact]
    public async Task Ten_hours_of_black_are_done_within_limits()
    {
        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(await VideoMedia.TenHoursAsync()));

        Assert.Contains("video: its keyframes are more than 10 s apart", made.Reasons);
        Assert.Equal(36000, made.Package.Duration, 1.0);
        Assert.Equal(9000, made.Package.Video[0].Track.Segments.Count);
        Assert.Equal((100, 360.0), (made.Package.Storyboard?.Count, made.Package.Storyboard?.IntervalSeconds));
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
