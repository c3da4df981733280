using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>
/// Joins fragments end to end by copying their streams: the main video and the main audio stream of each. Nothing is encoded anew
/// but the few pictures at a cut that falls between key frames.
/// </summary>
public sealed class FragmentJoiner(ReadMedia media, MediaProcess process)
{
    // Shares of the work, by what each took on a thousand fragments of a few seconds.
    private const double Inspected = 0.35;
    private const double PicturesCut = 0.5;
    private const double SoundCut = 0.7;
    private const double Written = 0.95;

    /// <summary>What ffmpeg says when the machine is at fault.</summary>
    private static readonly string[] DiskTroubles = ["No space left", "Input/output error", "Permission denied", "Read-only file system", "Too many open files", "Cannot allocate memory"];

    /// <summary>Looks at the headers alone, wherever the files are: whether they are media, and fit each other.</summary>
    /// <exception cref="MediaRejectedException">Names the fragment and what differs.</exception>
    /// <exception cref="MediaSourceException">The store does not give the bytes at the moment.</exception>
    public async Task CheckAsync(IReadOnlyList<FragmentSource> fragments, ArtifactType type, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(fragments);
        var found = new ComparedFragment[fragments.Count];
        await EachFragment.RunAsync(fragments.Count, process.Options.MaxParallelRuns, async (i, token) => found[i] = await CheckFragment.HeadersAsync(media, fragments[i], type, token), ct);
        if (CompareFragments.FirstDifference(found) is { } difference)
        {
            throw difference;
        }
    }

    /// <param name="fragments">In the order of the request; they are put in order of their start times.</param>
    /// <param name="type"><see cref="ArtifactType.Audio"/> leaves pictures out.</param>
    /// <param name="workFolder">Takes the result; pieces stand in a folder below it and go when this returns.</param>
    /// <param name="progress">0 to 1, never falling.</param>
    /// <param name="ct">Ends every process.</param>
    /// <exception cref="MediaRejectedException">The fragments can't be joined; names the one at fault.</exception>
    /// <exception cref="MediaProcessException">ffmpeg could not run, was killed, or the disk is full.</exception>
    public async Task<JoinResult> JoinAsync(IReadOnlyList<LocalFragment> fragments, ArtifactType type, string workFolder, Action<double> progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(fragments);
        ArgumentOutOfRangeException.ThrowIfZero(fragments.Count);
        var report = new Steps(progress);
        var pieces = Directory.CreateDirectory(Path.Combine(workFolder, "pieces")).FullName;
        try
        {
            var facts = await InspectAsync(fragments, type, pieces, report.From(0, Inspected), ct);
            var target = JoinTarget.Of(facts[0], CutPieces.MixesSetUps(facts));
            var output = Path.Combine(workFolder, $"joined.{target.Extension}");
            var joined = facts[0].Main is { Video: null, Audio: { } sound } && JoinSamples.Takes(sound)
                ? MeasureJoins.Report(await new JoinSamples(process).RunAsync(facts, target, pieces, output, report.From(Inspected, 1), ct), new double?[facts.Count])
                : await CopyAsync(facts, target, pieces, output, report, ct);
            report.From(0, 1)(1);
            return new JoinResult(output, target.Extension, joined);
        }
        catch (MediaProcessException e) when (e.Failure == MediaFailure.Failed && !Array.Exists(DiskTroubles, words => e.LastLines.Contains(words, StringComparison.Ordinal)))
        {
            throw new MediaRejectedException(
                RejectionCodes.FragmentJoinFailed,
                "The fragments can't be joined without converting them: their streams don't go into one file. Convert them first, for example to H.264 and AAC in MP4.",
                null,
                e);
        }
        finally
        {
            Directory.Delete(pieces, recursive: true);
        }
    }

    /// <summary>All of them, before anything is written.</summary>
    private async Task<IReadOnlyList<FragmentFacts>> InspectAsync(IReadOnlyList<LocalFragment> fragments, ArtifactType type, string pieces, Action<double> progress, CancellationToken ct)
    {
        // A stable sort: equal times stay in the order of the request.
        var ordered = fragments.OrderBy(f => f.StartTime).ToList();
        var facts = new FragmentFacts[ordered.Count];
        var inspect = new InspectFragment(media);
        var done = 0;
        await EachFragment.RunAsync(ordered.Count, process.Options.MaxParallelRuns, InspectOneAsync, ct);
        if (CompareFragments.FirstDifference([.. facts.Select(f => new ComparedFragment(f.Fragment.Index, f.Document, f.Main))]) is { } difference)
        {
            throw difference;
        }

        await EachFragment.RunAsync(facts.Length, process.Options.MaxParallelRuns, CutOneAsync, ct);
        return facts;

        async ValueTask InspectOneAsync(int i, CancellationToken token)
        {
            facts[i] = await inspect.RunAsync(ordered[i], type, token);
            progress((double)Interlocked.Increment(ref done) / ordered.Count);
        }

        async ValueTask CutOneAsync(int i, CancellationToken token) =>
            facts[i] = await CutMp3Async(facts[i], type, inspect, Path.Combine(pieces, $"{facts[i].Fragment.Index}.mp3"), token);
    }

    /// <summary>A cut MP3 is encoded anew and takes the source's place: see <see cref="PieceArguments.CutSound"/>.</summary>
    private async Task<FragmentFacts> CutMp3Async(FragmentFacts facts, ArtifactType type, InspectFragment inspect, string path, CancellationToken ct)
    {
        if (facts.Main is not { Video: null, Audio.CodecName: "mp3" } || facts.Fragment is { InPoint: null, OutPoint: null })
        {
            return facts;
        }

        await process.RunAsync(new MediaCommand { Tool = MediaTool.Ffmpeg, Purpose = "cut", Arguments = PieceArguments.CutSound(facts, process.Options, path), TimeLimit = process.Options.JoinTimeLimit }, ct);
        return await inspect.RunAsync(facts.Fragment with { Path = path, InPoint = null, OutPoint = null }, type, ct);
    }

    private async Task<IReadOnlyList<JoinedFragment>> CopyAsync(IReadOnlyList<FragmentFacts> facts, JoinTarget target, string folder, string output, Steps report, CancellationToken ct)
    {
        var packetSamples = facts.All(f => f.Audio is { IsRegular: true } a && a.PacketSamples == facts[0].Audio?.PacketSamples) ? facts[0].Audio?.PacketSamples : null;
        var canFill = packetSamples is not null && facts[0].Main.Audio is { } audio && PieceArguments.CanBeSilent(audio);
        var placed = JoinTimeline.Of(facts, canFill);
        var end = placed[^1].PlacedAt + placed[^1].Duration;
        var pieces = new CutPieces(process, folder);
        ListInput? video = null;
        string? tag = null;
        var videoStream = 0;
        if (facts[0].Main.Video is { } stream)
        {
            var pictures = await pieces.VideoAsync(placed, report.From(Inspected, PicturesCut), ct);
            video = await WriteListAsync(Path.Combine(folder, "video.txt"), pictures.Entries, end, ct);
            videoStream = pictures.StreamIndex;
            tag = TagOf(stream, target, pictures.InlineSetUp);
        }

        var sounds = await pieces.SoundAsync(placed, report.From(PicturesCut, SoundCut), ct);
        var sound = sounds.Count == 0 ? null : await WriteListAsync(Path.Combine(folder, "sound.txt"), sounds, placed[^1].Sound?.EndAt ?? end, ct);
        var write = report.From(SoundCut, Written);
        await process.RunAsync(
            new MediaCommand
            {
                Tool = MediaTool.Ffmpeg,
                Purpose = "join",
                Arguments = JoinArguments.Mux(video, sound, videoStream, canFill ? packetSamples : null, tag, target, output),
                TimeLimit = process.Options.JoinTimeLimit,
                OnProgress = done => write(Math.Clamp((done.OutTime?.TotalSeconds ?? 0) / end, 0, 1)),
            },
            ct);
        return await new MeasureJoins(media).RunAsync(output, placed, ct);
    }

    /// <summary>Names that tell a player to take the set-up from the stream (ISO/IEC 14496-15 §5.4.2.1.1, §8.4.1.1.1), or not to.</summary>
    private static string? TagOf(FfprobeStream stream, JoinTarget target, bool inlineSetUp) => (stream.CodecName, target.IsMp4) switch
    {
        ("h264", true) => inlineSetUp ? "avc3" : "avc1",
        ("hevc", true) => inlineSetUp ? "hev1" : "hvc1",
        _ => null,
    };

    private static async Task<ListInput> WriteListAsync(string path, IReadOnlyList<ConcatEntry> entries, double end, CancellationToken ct)
    {
        await File.WriteAllTextAsync(path, ConcatList.Of(entries, end), ct);
        return new ListInput(path, ConcatList.Offset(entries));
    }

    /// <summary>Maps each step's progress to its share of the whole, and never lets it fall.</summary>
    private sealed class Steps(Action<double> progress)
    {
        private readonly Lock _gate = new();
        private double _last;

        public Action<double> From(double start, double end) => done =>
        {
            lock (_gate)
            {
                _last = Math.Max(_last, start + ((end - start) * Math.Clamp(done, 0, 1)));
                progress(_last);
            }
        };
    }
}
