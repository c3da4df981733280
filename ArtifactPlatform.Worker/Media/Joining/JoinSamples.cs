using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>
/// Joins sound exact to the sample. Plain samples are copied. FLAC and ALAC packets carry or imply numbers that restart in each
/// file, so those are decoded and encoded again, which changes no sample. Vorbis packets overlap their neighbours by lengths that
/// differ, so a join in a copied stream would be off by up to 13 ms; those are encoded again at the source's bit rate.
/// </summary>
internal sealed class JoinSamples(MediaProcess process)
{
    private const string Vorbis = "vorbis";

    public static bool IsLossless(FfprobeStream audio) => audio.CodecName is "flac" or "alac" || audio.CodecName?.StartsWith("pcm_", StringComparison.Ordinal) == true;

    /// <summary>Whether sound of this kind, without pictures, is joined here.</summary>
    public static bool Takes(FfprobeStream audio) => IsLossless(audio) || audio.CodecName == Vorbis;

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
                Purpose = "join",
                Arguments = JoinArguments.MuxSamples(new ListInput(list, 0), Encoder(SoundOf(fragments[0])), target, output),
                TimeLimit = process.Options.JoinTimeLimit,
                OnProgress = done => progress(Math.Clamp((done.OutTime?.TotalSeconds ?? 0) / end, 0, 1)),
            },
            ct);
        return placed;
    }

    private async Task<string> FileOfAsync(FragmentFacts facts, int number, string folder, CancellationToken ct)
    {
        if (facts.Fragment is { InPoint: null, OutPoint: null } && SoundOf(facts).CodecName != Vorbis)
        {
            return facts.Fragment.Path;
        }

        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number:D4}-cut.piece"));
        await process.RunAsync(new MediaCommand { Tool = MediaTool.Ffmpeg, Purpose = "cut", Arguments = Cut(facts, process.Options, path), TimeLimit = process.Options.JoinTimeLimit }, ct);
        return path;
    }

    /// <summary>Whole samples, counted from the source's start.</summary>
    internal static IReadOnlyList<string> Cut(FragmentFacts facts, FfmpegOptions options, string output)
    {
        var audio = SoundOf(facts);
        var hertz = audio.SampleRate ?? 48000;
        var from = (long)Math.Round((facts.Zero - Math.Max(audio.StartTime ?? 0, 0)) * hertz);
        var to = from + (long)Math.Round(facts.Duration * hertz);
        IReadOnlyList<string> codec = audio.CodecName == Vorbis ? ["-c:a", "flac", "-sample_fmt", "s32"] : ["-c:a", audio.CodecName ?? ""];
        return
        [
            "-y", .. InputArguments.For(MediaInput.FromFile(facts.Fragment.Path), options),
            "-map", string.Create(CultureInfo.InvariantCulture, $"0:{audio.Index}"),
            "-af", string.Create(CultureInfo.InvariantCulture, $"atrim=start_sample={from}:end_sample={to},asetpts=PTS-STARTPTS"),
            // NUT has no name for ALAC.
            .. codec, "-f", audio.CodecName == "alac" ? "mov" : "nut", InputArguments.FileUrl(output),
        ];
    }

    private static IReadOnlyList<string> Encoder(FfprobeStream audio) => audio.CodecName switch
    {
        Vorbis => ["-c:a", "libvorbis", "-b:a", (audio.BitRate ?? 128_000).ToString(CultureInfo.InvariantCulture)],
        "flac" or "alac" => ["-c:a", audio.CodecName],
        _ => ["-c:a", "copy"],
    };

    private static FfprobeStream SoundOf(FragmentFacts facts) => facts.Main.Audio ?? throw new ArgumentException("No sound.", nameof(facts));
}
