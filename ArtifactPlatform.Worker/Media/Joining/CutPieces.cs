using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <param name="Entries">In order.</param>
/// <param name="StreamIndex">Where the pictures are in the files.</param>
/// <param name="InlineSetUp">Their set-up differs from file to file, and stands in the stream.</param>
internal sealed record VideoEntries(IReadOnlyList<ConcatEntry> Entries, int StreamIndex, bool InlineSetUp);

/// <summary>Makes what the lists of a join refer to: the originals where they will do, pieces of them where not.</summary>
internal sealed class CutPieces(MediaProcess process, string folder)
{
    /// <summary>Files open in one run: two each.</summary>
    private const int SoundsAtOnce = 20;

    /// <summary>Codecs whose pictures refer to a set-up that may differ from file to file, and then must stand in the stream.</summary>
    private static readonly string[] WithSetUp = ["h264", "hevc"];

    /// <summary>The pictures' set-up changes on the way, at a file that was encoded otherwise or at a cut that is encoded anew, and must stand in the stream.</summary>
    public static bool MixesSetUps(IReadOnlyList<FragmentFacts> fragments) =>
        WithSetUp.Contains(fragments[0].Main.Video?.CodecName)
            && (fragments.Any(f => f.Video?.Cut is { } cut && (cut.Head is not null || cut.Tail is not null))
                || fragments.Select(f => f.Main.Video?.ExtradataHash).Distinct().Skip(1).Any());

    /// <returns>Entries for the pictures' list.</returns>
    public async Task<VideoEntries> VideoAsync(IReadOnlyList<PlacedFragment> placed, Action<double> progress, CancellationToken ct)
    {
        var first = placed[0].Facts.Main.Video ?? throw new ArgumentException("No pictures.", nameof(placed));
        var inlineSetUp = MixesSetUps([.. placed.Select(p => p.Facts)]);
        var format = PieceFormat.Of(placed.Select(p => p.Facts.Video?.Unit).OfType<Rational>(), WithSetUp.Contains(first.CodecName));
        // All files of a list have the pictures at one place, and a piece has nothing else.
        var allOriginal = placed.All(p => IsUsable(p.Facts, first.Index, format, inlineSetUp));
        var index = allOriginal ? first.Index : 0;

        var entries = new IReadOnlyList<ConcatEntry>[placed.Count];
        var done = 0;
        await EachFragment.RunAsync(placed.Count, process.Options.MaxParallelRuns, OneAsync, ct);
        return new VideoEntries([.. entries.SelectMany(e => e)], index, inlineSetUp);

        async ValueTask OneAsync(int i, CancellationToken token)
        {
            var facts = placed[i].Facts;
            entries[i] = IsUsable(facts, index, format, inlineSetUp)
                ? [new ConcatEntry(facts.Fragment.Path, placed[i].PlacedAt, facts.Zero - facts.FileStart)]
                : await VideoOfAsync(placed[i], i, format, inlineSetUp, token);
            progress((double)Interlocked.Increment(ref done) / placed.Count);
        }
    }

    /// <returns>Entries for the sound's list, in order.</returns>
    public async Task<IReadOnlyList<ConcatEntry>> SoundAsync(IReadOnlyList<PlacedFragment> placed, Action<double> progress, CancellationToken ct)
    {
        var batches = Enumerable.Range(0, placed.Count).Where(i => placed[i].Sound is not null).Chunk(SoundsAtOnce).ToList();
        var entries = new IReadOnlyList<ConcatEntry>[batches.Count];
        var done = 0;
        await EachFragment.RunAsync(batches.Count, process.Options.MaxParallelRuns, OneAsync, ct);
        return [.. entries.SelectMany(e => e)];

        async ValueTask OneAsync(int i, CancellationToken token)
        {
            entries[i] = await SoundsOfAsync(placed, batches[i], token);
            progress((double)Interlocked.Increment(ref done) / batches.Count);
        }
    }

    /// <summary>
    /// The list's demuxer takes the first file's clock for all, and itself puts H.264's set-up into the stream, but not HEVC's. It works
    /// out decoding times that a file does not tell from how far the first file reorders, which holds only while all are set up alike.
    /// </summary>
    private static bool IsUsable(FragmentFacts facts, int index, PieceFormat format, bool inlineSetUp) =>
        facts.Video is { Cut: null } video && video.Unit == format.Unit && facts.Main.Video?.Index == index
            && !(inlineSetUp && (facts.Main.Video.CodecName == "hevc" || !video.HasDecodingTimes));

    private async Task<IReadOnlyList<ConcatEntry>> VideoOfAsync(PlacedFragment fragment, int number, PieceFormat format, bool inlineSetUp, CancellationToken ct)
    {
        var facts = fragment.Facts;
        var (stream, video) = (facts.Main.Video, facts.Video);
        if (stream is null || video is null)
        {
            throw new ArgumentException("No pictures.", nameof(fragment));
        }

        if (video.Cut is not { } cut)
        {
            return [await PieceAsync(PieceArguments.CopyVideo(facts, null, format, inlineSetUp, process.Options, NewPath(number, "whole")), fragment.PlacedAt, ct)];
        }

        if ((cut.Head is not null || cut.Tail is not null) && !PieceArguments.CanEncode(stream))
        {
            throw CantCut(facts, stream);
        }

        List<ConcatEntry> entries = [];
        if (cut.Head is { } head)
        {
            entries.Add(await PieceAsync(PieceArguments.EncodeVideo(facts, head, format, process.Options, NewPath(number, "head")), At(head.From), ct));
        }

        if (cut.Copy is { } copy)
        {
            entries.Add(await PieceAsync(PieceArguments.CopyVideo(facts, copy, format, inlineSetUp, process.Options, NewPath(number, "copy")), At(copy.From), ct));
        }

        if (cut.Tail is { } tail)
        {
            entries.Add(await PieceAsync(PieceArguments.EncodeVideo(facts, tail, format, process.Options, NewPath(number, "tail")), At(tail.From), ct));
        }

        return entries;

        double At(long time) => fragment.PlacedAt + (time * video.Unit.Value) - facts.Zero;
    }

    private async Task<IReadOnlyList<ConcatEntry>> SoundsOfAsync(IReadOnlyList<PlacedFragment> placed, int[] numbers, CancellationToken ct)
    {
        List<ConcatEntry> entries = [];
        List<(FragmentFacts, PlacedSound, string)> copies = [];
        foreach (var number in numbers)
        {
            var facts = placed[number].Facts;
            if (placed[number].Sound is not { } sound || facts.Audio is not { } audio || facts.Main.Audio is not { } stream)
            {
                throw new ArgumentException("No sound.", nameof(numbers));
            }

            if (sound.SilentPackets > 0)
            {
                var samples = audio.PacketSamples ?? throw new InvalidOperationException("Only packets of fixed length are filled with silence.");
                var at = sound.StartAt - (sound.SilentPackets * audio.PacketSeconds);
                entries.Add(await PieceAsync(PieceArguments.Silence(stream, sound.SilentPackets, samples, NewPath(number, "silence")), at, ct));
            }

            copies.Add((facts, sound, NewPath(number, "sound")));
            entries.Add(new ConcatEntry(copies[^1].Item3, sound.StartAt));
        }

        await process.RunAsync(new MediaCommand { Tool = MediaTool.Ffmpeg, Purpose = "copy sound", Arguments = PieceArguments.CopySound(copies, process.Options), TimeLimit = process.Options.JoinTimeLimit }, ct);
        return entries;
    }

    /// <summary>The last argument is the output.</summary>
    private async Task<ConcatEntry> PieceAsync(IReadOnlyList<string> arguments, double startsAt, CancellationToken ct)
    {
        await process.RunAsync(new MediaCommand { Tool = MediaTool.Ffmpeg, Purpose = "cut", Arguments = arguments, TimeLimit = process.Options.JoinTimeLimit }, ct);
        return new ConcatEntry(arguments[^1]["file:".Length..], startsAt);
    }

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
