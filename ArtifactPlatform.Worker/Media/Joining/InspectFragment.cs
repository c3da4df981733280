using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Reads one fragment from end to end and works out its cut.</summary>
internal sealed class InspectFragment(ReadMedia media)
{
    /// <summary>Packets kept at each end of the sound: a join moves its ends by one or two.</summary>
    private const int KeptAtEnds = 128;

    /// <exception cref="MediaRejectedException">It is not media, not whole, or its cut lies outside; names the fragment.</exception>
    public async Task<FragmentFacts> RunAsync(LocalFragment fragment, ArtifactType type, CancellationToken ct)
    {
        try
        {
            var input = MediaInput.FromFile(fragment.Path);
            var content = await CheckFragment.SniffAsync(media, input, new FileInfo(fragment.Path).Length, type, ct);
            var (document, tracks, endedEarly) = await media.PacketsAsync(input, null, ct);
            if (endedEarly)
            {
                throw new MediaRejectedException(RejectionCodes.Truncated, "The file was cut off: it ends in the middle. Give the complete file.");
            }

            if (CheckStreams.Verdict(document, type) is { } unfit)
            {
                throw unfit;
            }

            var facts = new FragmentFacts { Fragment = fragment, Content = content, Document = document, Main = MainOf(document, type), Zero = 0, Duration = 0 };
            return facts.Main.Video is null ? await WithSoundAsync(facts, tracks, ct) : WithPictures(facts, tracks);
        }
        catch (MediaRejectedException e) when (e.Param is null)
        {
            throw new MediaRejectedException(e.Code, $"fragments[{fragment.Index}]: {e.Message}", $"fragments[{fragment.Index}]", e);
        }
    }

    /// <summary>A join of sound leaves pictures out.</summary>
    internal static MainStreams MainOf(FfprobeDocument document, ArtifactType type)
    {
        var main = MainStreams.Of(document);
        return type == ArtifactType.Audio ? main with { Video = null } : main;
    }

    private async Task<FragmentFacts> WithSoundAsync(FragmentFacts facts, IReadOnlyDictionary<int, PacketTrack> tracks, CancellationToken ct)
    {
        var stream = facts.Main.Audio ?? throw new InvalidOperationException("Checked to be there.");
        var track = tracks.GetValueOrDefault(stream.Index);
        if (track is not { Count: > 0 } || Rational.Parse(stream.TimeBase) is not { } unit)
        {
            throw new MediaRejectedException(RejectionCodes.MediaUnreadable, "The file holds no sound.");
        }

        // Only decoding tells what a player hears: without the coder's priming and padding.
        var length = JoinSamples.IsLossless(stream)
            ? (track.MaxEnd - Math.Max(track.MinPts, 0)) * unit.Value
            : await media.SoundSecondsAsync(MediaInput.FromFile(facts.Fragment.Path), stream, facts.Content, ct);
        var start = Math.Max(stream.StartTime ?? 0, 0);
        var sample = 1.0 / (stream.SampleRate ?? 48000);
        var (cutIn, cutOut) = CutPoints.Of(facts.Fragment, length, sample);
        if (Math.Round((cutOut - cutIn) / sample) < 1)
        {
            throw CutPoints.Empty(facts.Fragment, "sample", cutIn + sample <= length ? cutIn + sample : null, length - sample);
        }

        var zero = start + cutIn;
        return facts with { Zero = zero, Duration = cutOut - cutIn, Audio = Sound(stream, track, unit, zero, cutOut - cutIn) };
    }

    private static FragmentFacts WithPictures(FragmentFacts facts, IReadOnlyDictionary<int, PacketTrack> tracks)
    {
        var stream = facts.Main.Video ?? throw new InvalidOperationException("Checked to be there.");
        var track = tracks.GetValueOrDefault(stream.Index);
        if (StreamTiming.Of(track, stream) is not { } timing || track is null || Rational.Parse(stream.TimeBase) is not { } unit)
        {
            throw new MediaRejectedException(RejectionCodes.MediaUnreadable, "The file holds no pictures.");
        }

        var frame = FrameSeconds(stream, timing);
        var (cutIn, cutOut) = CutPoints.Of(facts.Fragment, timing.End - timing.Start, frame);
        var shown = track.First.Select(p => p.Pts).Where(pts => pts >= track.MinPts).Order().ToList();
        var (from, to) = (Nearest(shown, timing.End, timing.Start + cutIn, unit), Nearest(shown, timing.End, timing.Start + cutOut, unit));
        if (to <= from)
        {
            throw CutPoints.Empty(facts.Fragment, "picture", from < shown.Count ? At(from + 1) - timing.Start : null, At(shown.Count - 1) - timing.Start);
        }

        var first = shown[from];
        var end = At(to);
        // Pictures before an edit list's start must go too: they would lie over the fragment before.
        var isWhole = from == 0 && to == shown.Count && track.TotalCount == track.Count;
        var cut = isWhole ? null : PlanVideoCut.Of(track.First, first, to < shown.Count ? shown[to] : null);
        var zero = first * unit.Value;
        var audio = facts.Main.Audio is { } sound && Rational.Parse(sound.TimeBase) is { } soundUnit && tracks.GetValueOrDefault(sound.Index) is { Count: > 0 } soundTrack
            ? Sound(sound, soundTrack, soundUnit, zero, to < shown.Count ? end - zero : null)
            : null;
        return facts with
        {
            Zero = zero,
            Duration = end - zero,
            Video = new VideoFacts(unit, frame, isWhole ? (int)track.Count : to - from, cut, track.HasDecodingTimes),
            Audio = audio,
        };

        double At(int picture) => picture < shown.Count ? shown[picture] * unit.Value : timing.End;
    }

    /// <summary>Index of the picture that begins nearest to the time; the count stands for the end, where the last one has been.</summary>
    private static int Nearest(List<long> shown, double end, double seconds, Rational unit)
    {
        var target = seconds / unit.Value;
        var at = shown.BinarySearch((long)Math.Ceiling(target));
        at = at < 0 ? ~at : at;
        var next = at < shown.Count ? shown[at] : end / unit.Value;
        return at > 0 && target - shown[at - 1] < next - target ? at - 1 : at;
    }

    private static double FrameSeconds(FfprobeStream stream, StreamTiming timing) =>
        Rational.Parse(stream.AvgFrameRate) is { } rate ? 1 / rate.Value
            : timing.FrameRate is > 0 and var measured ? 1 / measured
            : 1.0 / 25;

    /// <param name="stream">The sound.</param>
    /// <param name="track">Its packets.</param>
    /// <param name="unit">Seconds per step of its times.</param>
    /// <param name="zero">Where the fragment begins.</param>
    /// <param name="length">How long it is; null = to the end of the sound.</param>
    private static AudioFacts Sound(FfprobeStream stream, PacketTrack track, Rational unit, double zero, double? length)
    {
        var all = track.First;
        var hertz = stream.SampleRate ?? 48000;
        var average = all.Count > 1 ? (double)(all[^1].Pts - all[0].Pts) / (all.Count - 1) : all[0].Duration;
        var samples = PacketSamples.Of(stream.CodecName, average * unit.Value * hertz);
        var packetSteps = samples is { } n ? n / (unit.Value * hertz) : average;
        // A millisecond clock rounds; that is no gap.
        var regular = samples is not null && !all.Where((p, i) => Math.Abs(p.Pts - all[0].Pts - (i * packetSteps)) > Math.Max(1, packetSteps / 8)).Any();
        List<SoundPacket> packets = new(all.Count);
        for (var i = 0; i < all.Count; i++)
        {
            var start = regular ? all[0].Pts + (i * packetSteps) : all[i].Pts;
            var next = regular ? start + packetSteps : i + 1 < all.Count ? all[i + 1].Pts : start + Math.Max(all[i].Duration, 1);
            packets.Add(new SoundPacket(i, start * unit.Value, next * unit.Value));
        }

        var margin = 8 * packetSteps * unit.Value;
        packets.RemoveAll(p => p.End < zero - margin || (length is { } l && p.Start > zero + l + margin));
        IReadOnlyList<SoundPacket> kept = packets.Count <= 2 * KeptAtEnds ? packets : [.. packets.Take(KeptAtEnds), .. packets.TakeLast(KeptAtEnds)];
        return new AudioFacts(samples, packetSteps * unit.Value, regular, kept);
    }
}
