using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>
/// Joins sound that is stored without loss, exact to the sample. Plain samples are copied. FLAC and ALAC packets carry or imply
/// numbers that restart in each file, so those are decoded and encoded again, which changes no sample.
/// </summary>
internal sealed class LosslessJoin(MediaProcess process)
{
    public static bool IsLossless(FfprobeStream audio) => audio.CodecName is "flac" or "alac" || audio.CodecName?.StartsWith("pcm_", StringComparison.Ordinal) == true;

    public async Task<IReadOnlyList<PlacedFragment>> RunAsync(IReadOnlyList<FragmentFacts> fragments, JoinTarget target, string folder, string output, Action<double> progress, CancellationToken ct)
    {
        var files = new string[fragments.Count];
        await EachFragment.RunAsync(fragments.Count, process.Options.MaxParallelRuns, async (i, token) => files[i] = await FileOfAsync(fragments[i], i, folder, token), ct);
        var placed = JoinTimeline.Of([.. fragments.Select(f => f with { Audio = null })], canFill: false);
        var end = placed[^1].PlacedAt + placed[^1].Duration;
        var list = Path.Combine(folder, "sound.txt");
        await File.WriteAllTextAsync(list, ConcatList.Of([.. placed.Select((p, i) => new ConcatEntry(files[i], p.PlacedAt))], end), ct);
        await process.RunAsync(
            new MediaCommand
            {
                Tool = MediaTool.Ffmpeg,
                Arguments = JoinArguments.MuxLossless(new ListInput(list, 0), fragments[0].Main.Audio?.CodecName ?? "", target, output),
                TimeLimit = process.Options.JoinTimeLimit,
                OnProgress = done => progress(Math.Clamp((done.OutTime?.TotalSeconds ?? 0) / end, 0, 1)),
            },
            ct);
        return placed;
    }

    private async Task<string> FileOfAsync(FragmentFacts facts, int number, string folder, CancellationToken ct)
    {
        if (facts.Fragment is { InPoint: null, OutPoint: null })
        {
            return facts.Fragment.Path;
        }

        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number:D4}-cut.nut"));
        await process.RunAsync(new MediaCommand { Tool = MediaTool.Ffmpeg, Arguments = Cut(facts, process.Options, path), TimeLimit = process.Options.JoinTimeLimit }, ct);
        return path;
    }

    /// <summary>Whole samples, counted from the source's start.</summary>
    internal static IReadOnlyList<string> Cut(FragmentFacts facts, FfmpegOptions options, string output)
    {
        var audio = facts.Main.Audio ?? throw new ArgumentException("No sound.", nameof(facts));
        var hertz = audio.SampleRate ?? 48000;
        var from = (long)Math.Round((facts.Zero - Math.Max(audio.StartTime ?? 0, 0)) * hertz);
        var to = from + (long)Math.Round(facts.Duration * hertz);
        return
        [
            "-y", .. InputArguments.For(MediaInput.FromFile(facts.Fragment.Path), options),
            "-map", string.Create(CultureInfo.InvariantCulture, $"0:{audio.Index}"),
            "-af", string.Create(CultureInfo.InvariantCulture, $"atrim=start_sample={from}:end_sample={to},asetpts=PTS-STARTPTS"),
            "-c:a", audio.CodecName ?? "", "-f", "nut", InputArguments.FileUrl(output),
        ];
    }
}
