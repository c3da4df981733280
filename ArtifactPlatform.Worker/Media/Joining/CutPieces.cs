using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Makes what the lists of a join refer to: the originals where they will do, pieces of them where not.</summary>
internal sealed class CutPieces(MediaProcess process, string folder)
{
    /// <summary>Codecs whose pictures refer to a set-up that may differ from file to file, and then must stand in the stream.</summary>
    private static readonly string[] WithSetUp = ["h264", "hevc"];

    /// <returns>Entries for the pictures' list, in order, and whether their set-up stands in the stream.</returns>
    public async Task<(IReadOnlyList<ConcatEntry> Entries, bool InlineSetUp)> VideoAsync(IReadOnlyList<PlacedFragment> placed, Action<double> progress, CancellationToken ct)
    {
        var first = placed[0].Facts.Main.Video ?? throw new ArgumentException("No pictures.", nameof(placed));
        var encodes = placed.Any(p => p.Facts.Video?.Cut is { } cut && (cut.Head is not null || cut.Tail is not null));
        var differs = placed.Select(p => p.Facts.Main.Video?.ExtradataHash).Distinct().Skip(1).Any();
        var inlineSetUp = WithSetUp.Contains(first.CodecName) && (encodes || differs);
        var format = PieceFormat.Of(placed.Select(p => p.Facts.Video?.Unit).OfType<Rational>());

        var entries = new IReadOnlyList<ConcatEntry>[placed.Count];
        var done = 0;
        await ForEachAsync(placed.Count, ct, async (i, token) =>
        {
            entries[i] = await VideoOfAsync(placed[i], i, first.Index, format, inlineSetUp, token);
            progress((double)Interlocked.Increment(ref done) / placed.Count);
        });
        return ([.. entries.SelectMany(e => e)], inlineSetUp);
    }

    /// <returns>Entries for the sound's list, in order.</returns>
    public async Task<IReadOnlyList<ConcatEntry>> SoundAsync(IReadOnlyList<PlacedFragment> placed, Action<double> progress, CancellationToken ct)
    {
        var entries = new IReadOnlyList<ConcatEntry>[placed.Count];
        var done = 0;
        await ForEachAsync(placed.Count, ct, async (i, token) =>
        {
            entries[i] = await SoundOfAsync(placed[i], i, token);
            progress((double)Interlocked.Increment(ref done) / placed.Count);
        });
        return [.. entries.SelectMany(e => e)];
    }

    private async Task<IReadOnlyList<ConcatEntry>> VideoOfAsync(PlacedFragment fragment, int number, int streamIndex, PieceFormat format, bool inlineSetUp, CancellationToken ct)
    {
        var facts = fragment.Facts;
        var (stream, video) = (facts.Main.Video, facts.Video);
        if (stream is null || video is null)
        {
            throw new ArgumentException("No pictures.", nameof(fragment));
        }

        if (video.Cut is not { } cut)
        {
            // The demuxer itself puts H.264's set-up into the stream, but not HEVC's; and it takes the first file's clock for all.
            var asItIs = video.Unit == format.Unit && stream.Index == streamIndex && !(inlineSetUp && stream.CodecName == "hevc");
            return asItIs
                ? [new ConcatEntry(facts.Fragment.Path, fragment.PlacedAt, facts.Zero - facts.FileStart)]
                : [await PieceAsync(PieceArguments.CopyVideo(facts, null, format, inlineSetUp, process.Options, NewPath(number, "whole")), fragment.PlacedAt, ct)];
        }

        if ((cut.Head is not null || cut.Tail is not null) && !PieceArguments.CanEncode(stream))
        {
            throw CantCut(facts, stream);
        }

        List<ConcatEntry> entries = [];
        foreach (var (range, name) in new[] { (cut.Head, "head"), (cut.Copy, "copy"), (cut.Tail, "tail") })
        {
            if (range is not null)
            {
                var output = NewPath(number, name);
                var arguments = name == "copy"
                    ? PieceArguments.CopyVideo(facts, range, format, inlineSetUp, process.Options, output)
                    : PieceArguments.EncodeVideo(facts, range, format, process.Options, output);
                entries.Add(await PieceAsync(arguments, fragment.PlacedAt + (range.From * video.Unit.Value) - facts.Zero, ct));
            }
        }

        return entries;
    }

    private async Task<IReadOnlyList<ConcatEntry>> SoundOfAsync(PlacedFragment fragment, int number, CancellationToken ct)
    {
        var facts = fragment.Facts;
        if (fragment.Sound is not { } sound || facts.Main.Audio is not { } stream)
        {
            return [];
        }

        List<ConcatEntry> entries = [];
        if (sound.SilentPackets > 0 && facts.Audio is { } audio)
        {
            var samples = audio.PacketSamples ?? throw new InvalidOperationException("Only packets of fixed length are filled with silence.");
            var at = sound.StartAt - (sound.SilentPackets * audio.PacketSeconds);
            entries.Add(await PieceAsync(PieceArguments.Silence(stream, sound.SilentPackets, samples, NewPath(number, "silence")), at, ct));
        }

        entries.Add(await PieceAsync(PieceArguments.CopySound(facts, sound, process.Options, NewPath(number, "sound")), sound.StartAt, ct));
        return entries;
    }

    /// <summary>The last argument is the output.</summary>
    private async Task<ConcatEntry> PieceAsync(IReadOnlyList<string> arguments, double startsAt, CancellationToken ct)
    {
        await process.RunAsync(new MediaCommand { Tool = MediaTool.Ffmpeg, Arguments = arguments, TimeLimit = process.Options.JoinTimeLimit }, ct);
        return new ConcatEntry(arguments[^1]["file:".Length..], startsAt);
    }

    private Task ForEachAsync(int count, CancellationToken ct, Func<int, CancellationToken, ValueTask> run) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = process.Options.MaxParallelRuns, CancellationToken = ct }, run);

    private string NewPath(int number, string name) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number:D4}-{name}.piece"));

    private static MediaRejectedException CantCut(FragmentFacts facts, FfprobeStream stream)
    {
        var field = facts.Fragment.InPoint is not null ? "inPoint" : "outPoint";
        return new(
            RejectionCodes.FragmentCutUnsupported,
            $"{facts.Name} can't be cut there: {stream.CodecName} video can only be cut at a key frame. Move {field} to one, or convert the file to H.264 first.",
            $"{facts.Name}.{field}");
    }
}
