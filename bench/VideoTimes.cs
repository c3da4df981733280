using System.Diagnostics;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Videos.Encoding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;

namespace ArtifactPlatform.Bench;

/// <summary>A 60 s clip in 720p from finalize to playable and to ready, beside ffmpeg alone.</summary>
public static class VideoTimes
{
    private const double FirstPlayableSeconds = 2.0;
    private const double OverBare = 1.10;
    private const double OverRungByRung = 0.85;

    /// <summary>The best of each counts: others on the machine make a run slower, never quicker.</summary>
    private const int Rounds = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(Stand stand)
    {
        var folder = Directory.CreateTempSubdirectory("bench-video-").FullName;
        try
        {
            var clip = Path.Combine(folder, "clip.mp4");
            var small = Path.Combine(folder, "small.mp4");
            await MakeClipAsync(small, seconds: 5);
            await MakeClipAsync(clip, seconds: 60);
            var copy = await TimeAsync("-y", "-i", clip, "-c", "copy", Path.Combine(folder, "copy.mp4"));
            // The first one warms the worker up, and leaves nothing running.
            await MakeVideoAsync(stand, small);
            var (playable, whole, bare, rungByRung) = (double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                var made = await MakeVideoAsync(stand, clip);
                var alone = await BareAsync(clip, folder);
                (playable, whole) = (Math.Min(playable, made.Playable), Math.Min(whole, made.Whole));
                (bare, rungByRung) = (Math.Min(bare, alone.Bare), Math.Min(rungByRung, alone.RungByRung));
            }

            foreach (var line in stand.Platform.GetLogs("worker").Where(l => l.Contains("seconds until", StringComparison.Ordinal)))
            {
                Console.WriteLine(line.Trim());
            }

            return
            [
                new("60 s of 720p: finalize → playable", playable, copy, "s", "ffmpeg -c copy", "≤ 2.0 s", playable <= FirstPlayableSeconds),
                new("60 s of 720p: whole job", whole, bare, "s", "the same ffmpeg run alone", "≤ 1.10 ×", whole <= OverBare * bare),
                new("60 s of 720p: whole job", whole, rungByRung, "s", "one ffmpeg run per rung", "≤ 0.85 ×", whole <= OverRungByRung * rungByRung),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>Seconds from the call to finalize until it can be played, and from the worker's start until all is done.</returns>
    private static async Task<(double Playable, double Whole)> MakeVideoAsync(Stand stand, string clip)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var size = new FileInfo(clip).Length;
        var upload = await stand.Client.CreateUploadSessionAsync(new() { Filename = "clip.mp4", MimeType = "video/mp4", FileSizeBytes = size }, timeout.Token);
        using (var http = new HttpClient())
        using (var body = new StreamContent(File.OpenRead(clip)))
        {
            (await http.PutAsync(new Uri(upload.Url!), body, timeout.Token)).EnsureSuccessStatusCode();
        }

        var watch = Stopwatch.StartNew();
        var video = await stand.Client.FinalizeUploadAsync(upload.Id, new() { MimeType = "video/mp4", FileSizeBytes = size }, timeout.Token);
        while (video.Playback.Hls is null)
        {
            await Task.Delay(20, timeout.Token);
            video = await stand.Client.GetVideoAsync(video.Id, timeout.Token);
        }

        var playable = watch.Elapsed.TotalSeconds;
        while (video.Status == VideoStatus.Preparing)
        {
            await Task.Delay(200, timeout.Token);
            video = await stand.Client.GetVideoAsync(video.Id, timeout.Token);
        }

        await stand.Client.DeleteVideoAsync(video.Id, timeout.Token);
        return (playable, ((video.Timings.Ready ?? 0) - (video.Timings.Started ?? 0)) / 1000.0);
    }

    private static async Task<(double Bare, double RungByRung)> BareAsync(string clip, string folder)
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton(TimeProvider.System)
            .AddHttpClient()
            .AddMedia()
            .AddVideoEncoding()
            .BuildServiceProvider();
        var source = await services.GetRequiredService<InspectSource>().RunAsync(ProbeInput.FromFile(clip), CancellationToken.None);
        var whole = PackagePlan.Of(source, null, [new CopyReason("video", source.Video?.Index ?? 0, "ladder")]);
        var bare = await TimeAsync([.. PackageArguments.For(whole, folder, new FfmpegOptions())]);
        var rungByRung = 0.0;
        foreach (var rung in whole.Rungs)
        {
            rungByRung += await TimeAsync([.. PackageArguments.For(whole with { Rungs = [rung] }, folder, new FfmpegOptions())]);
        }

        return (bare, rungByRung);
    }

    /// <summary>Moving picture with some noise, a keyframe every 2 s, as a camera or a screen recorder writes it.</summary>
    private static Task<double> MakeClipAsync(string path, int seconds) => TimeAsync(
        "-y", "-f", "lavfi", "-i", $"testsrc2=s=1280x720:r=30:d={seconds}", "-f", "lavfi", "-i", $"sine=440:d={seconds}", "-vf", "noise=alls=6:allf=t",
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "60", "-b:v", "4M", "-c:a", "aac", "-shortest", path);

    private static async Task<double> TimeAsync(params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", .. arguments])) ?? throw new InvalidOperationException("ffmpeg did not start.");
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"ffmpeg ended with {process.ExitCode}.");
    }
}
