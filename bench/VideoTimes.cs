using System.Diagnostics;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Videos.Encoding;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ArtifactPlatform.Bench;

/// <summary>From finalize to playable, and to ready, beside what the store and ffmpeg alone take.</summary>
public static class VideoTimes
{
    private const double FirstPlayableSeconds = 2.0;
    private const double OverBare = 1.10;
    private const double OverRungByRung = 0.85;

    /// <summary>A source's bytes go out of the store and, as tracks, into it again; they are written to disk between, and their packets looked at.</summary>
    private const double GrowthOverStore = 2;

    /// <summary>How many times the clip stands in the long one; four would no longer go with one PUT.</summary>
    private const int LongTimes = 3;

    /// <summary>The best of each counts: others on the machine make a run slower, never quicker.</summary>
    private const int Rounds = 2;

    /// <summary>
    /// Of whole jobs the sums of all rounds are held against each other: a run takes a minute, from one to the next a shared machine's speed
    /// moves by a tenth, and the quickest job of one minute over the quickest baseline of another is chance. Even, since every other round
    /// goes backwards: what drifts steadily weighs on both alike.
    /// </summary>
    private const int WholeRounds = 2;

    /// <summary>Where the ratio is near its bound.</summary>
    private const int CloseRounds = 4;

    /// <summary>As cameras and editors write it: High profile, CABAC, B-frames, and the 8 Mb/s that video sites ask for in 1080p at 30 frames/s.</summary>
    private static readonly string[] Exported = ["-preset", "fast", "-bf", "2", "-b:v", "8M"];

    /// <summary>As a screen recorder that spares its processor writes it: Baseline, CAVLC. Nothing is cheaper to decode, so one decode instead of five saves least.</summary>
    private static readonly string[] Recorded = ["-preset", "ultrafast", "-b:v", "4M"];

    /// <summary>
    /// Before each thing that is measured against another. Memory that was freed a second ago is quicker to take than memory that has
    /// rested, which a virtual machine gives back to its host: of two runs of ffmpeg in a row, the second takes up to 1 s less.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(Stand stand)
    {
        var folder = Directory.CreateTempSubdirectory("bench-video-").FullName;
        try
        {
            var small = await MakeClipAsync(folder, "1280x720", seconds: 5);
            // The first ones warm the services up, and leave nothing running.
            await MakeVideoAsync(stand, small);
            await MakeVideoAsync(stand, small);
            return
            [
                .. await PlayableAsync(stand, folder),
                .. await WholeAsync(stand, folder, "60 s of 1080p", await MakeClipAsync(folder, "1920x1080", seconds: 60, Exported), WholeRounds),
                .. await WholeAsync(stand, folder, "60 s of 1080p, cheap to decode", await MakeClipAsync(folder, "1920x1080", seconds: 60), CloseRounds),
            ];
        }
        finally
        {
            foreach (var line in stand.Platform.GetLogs("worker").Where(l => l.Contains("seconds until", StringComparison.Ordinal)))
            {
                Console.WriteLine(line.Trim());
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<BenchResult[]> PlayableAsync(Stand stand, string folder)
    {
        var clip = await MakeClipAsync(folder, "1280x720", seconds: 60);
        var longer = Path.Combine(folder, "long.mp4");
        await TimeAsync("-y", "-stream_loop", $"{LongTimes - 1}", "-i", clip, "-c", "copy", longer);
        var (playable, longPlayable, copy, stored, longStored) = (double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            await Task.Delay(Rest);
            copy = Math.Min(copy, await TimeAsync("-y", "-i", clip, "-c", "copy", Path.Combine(folder, "copy.mp4")));
            playable = Math.Min(playable, (await MakeVideoAsync(stand, clip, onlyPlayable: true)).Playable);
            longPlayable = Math.Min(longPlayable, (await MakeVideoAsync(stand, longer, onlyPlayable: true)).Playable);
            stored = Math.Min(stored, await ThroughStoreAsync(stand, clip));
            longStored = Math.Min(longStored, await ThroughStoreAsync(stand, longer));
        }

        var (growth, least) = (longPlayable - playable, longStored - stored);
        return
        [
            new("60 s of 720p: finalize → playable", playable, copy, "s", "ffmpeg -c copy", "≤ 2.0 s", playable <= FirstPlayableSeconds),
            new($"{LongTimes} min instead of 1: growth of finalize → playable", growth, least, "s", "growth of one GET and one PUT", "≤ 2 ×", growth <= GrowthOverStore * least),
        ];
    }

    private static async Task<BenchResult[]> WholeAsync(Stand stand, string folder, string what, string clip, int rounds)
    {
        var (whole, bare, rungByRung) = (0.0, 0.0, 0.0);
        var plan = await PlanAsync(clip);
        for (var round = 0; round < rounds; round++)
        {
            var (w, b, r) = (0.0, 0.0, 0.0);
            Func<Task>[] runs = [async () => w = (await MakeVideoAsync(stand, clip)).Whole, async () => b = await BareAsync(plan, folder), async () => r = await RungByRungAsync(plan, folder)];
            foreach (var run in round % 2 == 0 ? runs : runs.Reverse())
            {
                await run();
            }

            Console.WriteLine(FormattableString.Invariant($"{what}: whole job {w:0.0} s, same ffmpeg run {b:0.0} s, a run per rung {r:0.0} s"));
            (whole, bare, rungByRung) = (whole + (w / rounds), bare + (b / rounds), rungByRung + (r / rounds));
        }

        return
        [
            new($"{what}: whole job", whole, bare, "s", "the same ffmpeg run alone", "≤ 1.10 ×", whole <= OverBare * bare),
            new($"{what}: whole job", whole, rungByRung, "s", "one ffmpeg run per rung", "≤ 0.85 ×", whole <= OverRungByRung * rungByRung),
        ];
    }

    /// <returns>Seconds from the call to finalize until it can be played, and from the worker's start until all is done.</returns>
    private static async Task<(double Playable, double Whole)> MakeVideoAsync(Stand stand, string clip, bool onlyPlayable = false)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var size = new FileInfo(clip).Length;
        var upload = await stand.Client.CreateUploadSessionAsync(new() { Filename = "clip.mp4", MimeType = "video/mp4", FileSizeBytes = size }, timeout.Token);
        using (var http = new HttpClient())
        using (var body = new StreamContent(File.OpenRead(clip)))
        {
            (await http.PutAsync(new Uri(upload.Url!), body, timeout.Token)).EnsureSuccessStatusCode();
        }

        await Task.Delay(Rest, timeout.Token);
        var watch = Stopwatch.StartNew();
        var video = await stand.Client.FinalizeUploadAsync(upload.Id, new() { MimeType = "video/mp4", FileSizeBytes = size }, timeout.Token);
        while (video.Playback.Hls is null)
        {
            await Task.Delay(20, timeout.Token);
            video = await stand.Client.GetVideoAsync(video.Id, timeout.Token);
        }

        var playable = watch.Elapsed.TotalSeconds;
        // From here on the Api is asked now and then only: each answer takes time from the encode.
        while (video.Status == VideoStatus.Preparing && !onlyPlayable)
        {
            await Task.Delay(2000, timeout.Token);
            video = await stand.Client.GetVideoAsync(video.Id, timeout.Token);
        }

        await stand.Client.DeleteVideoAsync(video.Id, timeout.Token);
        // The worker notices after a moment; what is measured next must not share the machine with this encode.
        while (Process.GetProcessesByName("ffmpeg").Length > 0)
        {
            await Task.Delay(100, timeout.Token);
        }

        return (playable, ((video.Timings.Ready ?? 0) - (video.Timings.Started ?? 0)) / 1000.0);
    }

    /// <summary>The file from the store to the disk and into the store again.</summary>
    private static async Task<double> ThroughStoreAsync(Stand stand, string clip)
    {
        const string Key = "bench/source";
        const string Again = "bench/again";
        await stand.Store.WriteFileAsync(Key, clip, "video/mp4", CancellationToken.None);
        var path = clip + ".copy";
        await Task.Delay(Rest);
        var watch = Stopwatch.StartNew();
        await using (var file = File.Create(path))
        await using (var stored = await stand.Store.OpenReadAsync(Key, etag: null, CancellationToken.None))
        {
            await stored.CopyToAsync(file);
        }

        await stand.Store.WriteFileAsync(Again, path, "video/mp4", CancellationToken.None);
        var seconds = watch.Elapsed.TotalSeconds;
        await stand.Store.DeleteAsync(Key, CancellationToken.None);
        await stand.Store.DeleteAsync(Again, CancellationToken.None);
        return seconds;
    }

    private static async Task<PackagePlan> PlanAsync(string clip)
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton(TimeProvider.System)
            .AddHttpClient()
            .AddMedia()
            .AddVideoEncoding()
            .BuildServiceProvider();
        var source = await services.GetRequiredService<InspectSource>().RunAsync(ProbeInput.FromFile(clip), CancellationToken.None);
        return PackagePlan.Of(source, null, [new CopyReason("video", source.Video?.Index ?? 0, "ladder")]);
    }

    private static async Task<double> BareAsync(PackagePlan plan, string folder)
    {
        await Task.Delay(Rest);
        return await TimeAsync([.. PackageArguments.For(plan, folder, new FfmpegOptions())]);
    }

    private static async Task<double> RungByRungAsync(PackagePlan plan, string folder)
    {
        // Without the storyboard, which is made where the length is known: it is wanted once, not with each rung.
        var plain = plan with { Source = plan.Source with { Duration = null, Video = plan.Source.Video is { } video ? video with { Duration = null } : null } };
        var seconds = 0.0;
        await Task.Delay(Rest);
        foreach (var rung in plan.Rungs)
        {
            seconds += await TimeAsync([.. PackageArguments.For(plain with { Rungs = [rung] }, folder, new FfmpegOptions())]);
        }

        return seconds;
    }

    /// <summary>Moving picture with some noise, a keyframe every 2 s.</summary>
    private static async Task<string> MakeClipAsync(string folder, string size, int seconds, string[]? encoder = null)
    {
        var path = Path.Combine(folder, $"{size}-{seconds}{(encoder is null ? "" : "-exported")}.mp4");
        await TimeAsync([
            "-y", "-f", "lavfi", "-i", $"testsrc2=s={size}:r=30:d={seconds}", "-f", "lavfi", "-i", $"sine=440:d={seconds}", "-vf", "noise=alls=6:allf=t",
            "-c:v", "libx264", .. encoder ?? Recorded, "-pix_fmt", "yuv420p", "-g", "60", "-c:a", "aac", "-shortest", path,
        ]);
        return path;
    }

    private static async Task<double> TimeAsync(params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", .. arguments])) ?? throw new InvalidOperationException("ffmpeg did not start.");
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"ffmpeg ended with {process.ExitCode}.");
    }
}
