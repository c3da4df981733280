using System.Globalization;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Tests.Media;

/// <summary>Looks at joined files independently of the joiner: by decoding them.</summary>
internal static class JoinCheck
{
    public static async Task<JoinResult> JoinAsync(ArtifactType type, params LocalFragment[] fragments)
    {
        List<double> progress = [];
        var result = await MediaStack.Joiner.JoinAsync(fragments, type, TestMedia.NewFolder(), progress.Add, TestContext.Current.CancellationToken);
        Assert.Equal(progress.Order(), progress);
        Assert.Equal(1, progress[^1]);
        Assert.Equal([result.Path], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(result.Path)!));
        return result;
    }

    public static LocalFragment[] EndToEnd(params string[] paths) => [.. paths.Select((path, i) => Fragment(i, path, i))];

    public static LocalFragment Fragment(int index, string path, double startTime, double? inPoint = null, double? outPoint = null) =>
        new() { Index = index, Path = path, StartTime = startTime, InPoint = inPoint, OutPoint = outPoint };

    /// <summary>Mean brightness (0-255) of each picture in the order shown.</summary>
    public static Task<byte[]> BrightnessAsync(string path) =>
        DecodeAsync(path, ["-map", "0:v:0", "-vf", "scale=1:1:flags=area,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "-"]);

    /// <summary>Seconds at which each picture is shown, ascending.</summary>
    public static async Task<double[]> PictureTimesAsync(string path)
    {
        var (document, tracks, _) = await MediaStack.Media.PacketsAsync(MediaInput.FromFile(path), null, TestContext.Current.CancellationToken);
        var video = MainStreams.Of(document).Video!;
        var unit = Rational.Parse(video.TimeBase)?.Value ?? 0;
        return [.. tracks[video.Index].First.Select(p => p.Pts * unit).Order()];
    }

    /// <summary>Samples of the sound, mixed to one channel, as a player that ignores time stamps gives them: one after the other.</summary>
    public static async Task<short[]> SamplesAsync(string path, int hertz)
    {
        var bytes = await DecodeAsync(path, ["-map", "0:a:0", "-ac", "1", "-ar", hertz.ToString(CultureInfo.InvariantCulture), "-f", "s16le", "-"]);
        var samples = new short[bytes.Length / 2];
        Buffer.BlockCopy(bytes, 0, samples, 0, samples.Length * 2);
        return samples;
    }

    /// <summary>Decodes everything and takes each complaint for a fault.</summary>
    public static async Task DecodesCleanlyAsync(string path)
    {
        var run = await TestMedia.Process.RunAsync(
            new MediaCommand { Tool = MediaTool.Ffmpeg, Arguments = ["-i", path, "-f", "null", "-"], TimeLimit = TimeSpan.FromMinutes(3) },
            TestContext.Current.CancellationToken);
        Assert.Equal("", run.LastLines);
    }

    /// <summary>Seconds between each flash and the beep that belongs to it; above 0: the beep is late.</summary>
    public static async Task<IReadOnlyList<double>> FlashToBeepAsync(string path, double frameRate, int hertz)
    {
        var flashes = Onsets(await BrightnessAsync(path), b => b > 128, 1).Select(i => i / frameRate).ToList();
        var beeps = Onsets(await SamplesAsync(path, hertz), s => Math.Abs((int)s) > 4000, hertz / 4).Select(i => (double)i / hertz).ToList();
        Assert.Equal(flashes.Count, beeps.Count);
        return [.. beeps.Zip(flashes, (beep, flash) => beep - flash)];
    }

    /// <summary>Where something begins after it has not been for <paramref name="quiet"/> places.</summary>
    private static IEnumerable<int> Onsets<T>(IReadOnlyList<T> values, Func<T, bool> isOn, int quiet)
    {
        var last = -quiet - 1;
        for (var i = 0; i < values.Count; i++)
        {
            if (isOn(values[i]))
            {
                if (i - last > quiet)
                {
                    yield return i;
                }

                last = i;
            }
        }
    }

    private static async Task<byte[]> DecodeAsync(string path, string[] arguments)
    {
        using var output = new MemoryStream();
        await TestMedia.Process.RunAsync(
            new MediaCommand { Tool = MediaTool.Ffmpeg, Arguments = ["-i", path, .. arguments], Output = output, OutputLimitBytes = 1 << 28, TimeLimit = TimeSpan.FromMinutes(3) },
            TestContext.Current.CancellationToken);
        return output.ToArray();
    }
}
