using System.Text.Json;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Videos.Encoding;

public sealed class PictureTests
{
    [Fact]
    public async Task A_poster_is_not_black_because_the_video_starts_so()
    {
        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(await VideoMedia.BlackStartAsync()));

        Assert.InRange((await Made.BrightnessAsync(made.PathOf(PackageFiles.Poster), 25))[0], 60, 220);
        Assert.Equal((320, 180), await SizeAsync(made.PathOf(PackageFiles.Poster)));
    }

    [Fact]
    public async Task A_poster_can_be_of_a_given_moment()
    {
        var made = await VideoStack.MakeAsync(await VideoMedia.BlackStartAsync());
        foreach (var (seconds, least, most) in new[] { (0.5, 0, 40), (0.9, 0, 40), (1.1, 60, 220), (2.99, 60, 220), (99, 60, 220) })
        {
            await VideoStack.Pictures.PosterAsync(made.Package, made.Folder, seconds, CancellationToken.None);

            Assert.InRange((await Made.BrightnessAsync(made.PathOf(PackageFiles.Poster), 25))[0], least, most);
        }
    }

    [Theory]
    [InlineData(0.5, 100, 100, 0, 40)]
    [InlineData(1.5, 5000, 320, 60, 220)]
    [InlineData(50.0, null, 320, 60, 220)]
    [InlineData(null, 10, 10, 0, 40)]
    public async Task A_thumbnail_has_the_time_and_width_asked_for(double? seconds, int? width, int shown, int least, int most)
    {
        var made = await VideoStack.MakeAsync(await VideoMedia.BlackStartAsync());
        var path = made.PathOf("thumbnail.jpg");

        await VideoStack.Pictures.ThumbnailAsync(MediaInput.FromFile(made.PathOf(made.Package.Video[0].Track)), seconds, width, path, CancellationToken.None);

        Assert.Equal(shown, (await SizeAsync(path)).Width);
        Assert.InRange((await Made.BrightnessAsync(path, 25))[0], least, most);
    }

    [Fact]
    public async Task Each_tile_shows_its_moment()
    {
        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(await VideoMedia.BlackStartAsync()));
        var sheet = made.Package.Storyboard ?? throw new InvalidOperationException("There is none.");

        Assert.Equal((15, 10, 2, 0.2), (sheet.Count, sheet.Columns, sheet.Rows, sheet.IntervalSeconds));
        Assert.Equal((sheet.TileWidth * sheet.Columns, sheet.TileHeight * sheet.Rows), await SizeAsync(made.PathOf(sheet.File)));
        Assert.InRange(await TileAsync(made, 0), 0, 20);
        Assert.InRange(await TileAsync(made, 4), 0, 20);
        Assert.InRange(await TileAsync(made, 5), 60, 220);
        Assert.InRange(await TileAsync(made, 14), 60, 220);
    }

    [Fact]
    public async Task A_folders_name_may_hold_what_a_filter_graph_has_its_own_use_for()
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestMedia.NewFolder(), "a:b'c,d;[e]=100%\\f")).FullName;
        var source = await VideoStack.InspectAsync(await VideoMedia.BlackStartAsync());
        var tracks = await VideoStack.Packager.MakeAsync(PackagePlan.Of(source, null, [new CopyReason("video", source.Video!.Index, "ladder")]), folder, null, TestContext.Current.CancellationToken);
        var made = await VideoStack.FinishAsync(new(folder, tracks.ToPackage(), []));

        // Black at first: the poster is not of the beginning.
        Assert.InRange(made.Package.PosterSeconds ?? 0, 1, 3);
        Assert.True(File.Exists(made.PathOf(PackageFiles.Poster)));
    }

    [Fact]
    public async Task A_change_of_size_on_the_way_leaves_the_storyboard_whole()
    {
        var path = await VideoMedia.ResizedAsync();
        for (var again = 0; again < 4; again++)
        {
            var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(path));
            var sheet = made.Package.Storyboard ?? throw new InvalidOperationException("There is none.");

            await made.CheckAsync();
            Assert.Equal(6, made.Package.Duration, 0.1);
            Assert.Equal((sheet.TileWidth * sheet.Columns, sheet.TileHeight * sheet.Rows), await SizeAsync(made.PathOf(sheet.File)));
            Assert.Equal([0, 0, 255, 255], (await Task.WhenAll(new[] { 0, (sheet.Count / 2) - 2, (sheet.Count / 2) + 2, sheet.Count - 1 }.Select(tile => TileAsync(made, tile)))).Select(luma => luma > 128 ? 255 : 0));
        }
    }

    [Fact]
    public async Task A_long_videos_tiles_come_from_its_keyframes()
    {
        // 120 s, white from the 60th on.
        var path = await TestMedia.MakeAsync(
            "white-half.mp4", ["-f", "lavfi", "-i", "color=black:s=160x90:r=5:d=120,drawbox=c=white:t=fill:enable='gte(t,60)'"], ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p"]);
        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(path));
        var sheet = made.Package.Storyboard ?? throw new InvalidOperationException("There is none.");

        Assert.Empty(made.Reasons);
        Assert.Equal((30, 4.0), (sheet.Count, sheet.IntervalSeconds));
        Assert.Equal([0, 0, 255, 255], (await Task.WhenAll(new[] { 0, 14, 15, 29 }.Select(tile => TileAsync(made, tile)))).Select(luma => luma > 128 ? 255 : 0));
    }

    [Fact]
    public async Task The_waveform_of_a_tone_is_as_loud_as_the_tone()
    {
        // 0.5 s of 0.8, 0.5 s of silence, 0.5 s of 0.4.
        var path = await TestMedia.MakeAsync("steps.wav", ["-f", "lavfi", "-i", "aevalsrc='sin(2*PI*440*t)*if(lt(t,0.5),0.8,if(lt(t,1),0,0.4))':s=48000:d=1.5"], ["-c:a", "pcm_s16le"]);
        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(path));

        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(made.PathOf(PackageFiles.Waveform)));
        var peaks = json.RootElement.GetProperty("peaks").EnumerateArray().Select(peak => peak.GetDouble()).ToArray();

        Assert.Equal((1, 20.0), (json.RootElement.GetProperty("version").GetInt32(), json.RootElement.GetProperty("samples_per_second").GetDouble()));
        Assert.InRange(peaks.Length, 30, 32);
        Assert.All(peaks[1..8], peak => Assert.InRange(peak, 0.7, 0.9));
        Assert.All(peaks[12..18], peak => Assert.InRange(peak, 0, 0.05));
        Assert.All(peaks[22..28], peak => Assert.InRange(peak, 0.33, 0.47));
    }

    [Fact]
    public async Task An_mp4_has_its_index_first_and_the_packages_own_packets()
    {
        var made = await VideoStack.FinishAsync(await VideoStack.MakeAsync(await TestMedia.WebmAsync()));
        var video = made.Package.Video.Single();
        var path = made.PathOf(video.Mp4File ?? "");
        var bytes = await File.ReadAllBytesAsync(path);

        Assert.Equal(("120.mp4", bytes.LongLength), (video.Mp4File, video.Mp4Size ?? 0));
        Assert.InRange(bytes.AsSpan().IndexOf("moov"u8), 1, bytes.AsSpan().IndexOf("mdat"u8));
        Assert.Equal("", await Made.DecodeAsync(path));
        Assert.Equal(await Made.HashAsync(made.PathOf(video.Track), "v"), await Made.HashAsync(path, "v"));
        Assert.Equal(await Made.HashAsync(made.PathOf(made.Package.Audio[0].Track), "a"), await Made.HashAsync(path, "a"));
        var streams = (await MediaStack.Media.HeadersAsync(MediaInput.FromFile(path), CancellationToken.None)).Streams;
        Assert.All(streams, stream => Assert.Equal(0, stream.StartTime ?? -1, 0.001));
    }

    private static async Task<byte> TileAsync(Made made, int tile)
    {
        var sheet = made.Package.Storyboard ?? throw new InvalidOperationException("There is none.");
        using var bytes = new MemoryStream();
        await Made.FfmpegAsync(
            [
                "-i", made.PathOf(sheet.File), "-vf",
                $"crop={sheet.TileWidth}:{sheet.TileHeight}:{tile % sheet.Columns * sheet.TileWidth}:{tile / sheet.Columns * sheet.TileHeight},scale=1:1", "-pix_fmt", "gray", "-f", "rawvideo", "-",
            ],
            bytes);
        return bytes.ToArray()[0];
    }

    private static async Task<(int Width, int Height)> SizeAsync(string path)
    {
        var probe = await MediaStack.Process.RunAsync(new MediaCommand { Tool = MediaTool.Ffprobe, Arguments = ["-show_entries", "stream=width,height", "-of", "csv=p=0", path], TimeLimit = TimeSpan.FromMinutes(1) }, CancellationToken.None);
        var sizes = probe.StandardOutput.Trim().Split(',').Select(int.Parse).ToArray();
        return (sizes[0], sizes[1]);
    }
}
