using System.Globalization;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Reads the joined file back and compares it, packet by packet, with what was planned.</summary>
internal sealed class MeasureJoins(ReadMedia media)
{
    /// <returns>Each fragment with how far sound and picture are apart at the join into it, null without both.</returns>
    /// <exception cref="MediaRejectedException">The file is not what was planned: these fragments can't be joined by copying.</exception>
    public async Task<IReadOnlyList<JoinedFragment>> RunAsync(string path, IReadOnlyList<PlacedFragment> placed, CancellationToken ct)
    {
        var (document, tracks, _) = await media.PacketsAsync(MediaInput.FromFile(path), null, ct);
        var main = MainStreams.Of(document);
        var pictures = Times(main.Video, tracks, placed.Sum(p => (long)(p.Facts.Video?.Frames ?? 0)), "pictures", sorted: true);
        var sound = Times(main.Audio, tracks, placed.Sum(p => p.Sound is { } s ? s.Last - s.First + 1 + s.SilentPackets : 0), "sound packets", sorted: false);
        var drifts = new double?[placed.Count];
        long picture = 0;
        long packet = 0;
        for (var i = 0; i < placed.Count; i++)
        {
            var fragment = placed[i];
            if (fragment.Sound is { } s && sound is not null && pictures is not null)
            {
                packet += s.SilentPackets;
                var zero = picture < pictures.Length ? pictures[picture] : (double?)null;
                drifts[i] = Off(sound, packet, zero, s.SourceStart);
                packet += s.Last - s.First + 1;
                Check(fragment, drifts[i]);
                // The same at its end: the sound must also run at its own speed.
                Check(fragment, Off(sound, packet - 1, zero, s.SourceLast));
            }

            picture += fragment.Facts.Video?.Frames ?? 0;
        }

        return Report(placed, drifts);
    }

    /// <summary>What the request's timeline asked for beside what each fragment got.</summary>
    public static IReadOnlyList<JoinedFragment> Report(IReadOnlyList<PlacedFragment> placed, IReadOnlyList<double?> drifts)
    {
        var joined = new JoinedFragment[placed.Count];
        for (var i = 0; i < placed.Count; i++)
        {
            var fragment = placed[i].Facts.Fragment;
            joined[i] = new JoinedFragment
            {
                Index = fragment.Index,
                StartTime = fragment.StartTime,
                PlacedAt = Rounded(placed[i].PlacedAt),
                Duration = Rounded(placed[i].Duration),
                GapClosed = i == 0 ? 0 : Rounded(fragment.StartTime - placed[i - 1].Facts.Fragment.StartTime - placed[i - 1].Duration),
                Drift = drifts[i] is { } drift ? Rounded(drift) : null,
            };
        }

        return joined;
    }

    /// <summary>Distance between a sound packet and the fragment's first picture, less what it is in the source; null when it lies behind what was kept of a very long file.</summary>
    private static double? Off(double[] sound, long packet, double? zero, double sourceTime) => zero is { } z && packet < sound.Length ? sound[packet] - z - sourceTime : null;

    private static void Check(PlacedFragment fragment, double? drift)
    {
        var allowed = Math.Max(fragment.Facts.Video?.FrameSeconds ?? 0, fragment.Facts.Audio?.PacketSeconds ?? 0);
        if (drift is { } off && Math.Abs(off) > allowed)
        {
            throw Failed(string.Create(CultureInfo.InvariantCulture, $"sound and picture would be {Math.Abs(off) * 1000:0} ms apart at {fragment.Facts.Name}"));
        }
    }

    private static double[]? Times(FfprobeStream? stream, IReadOnlyDictionary<int, PacketTrack> tracks, long expected, string what, bool sorted)
    {
        if (stream is null || expected == 0)
        {
            return expected == 0 ? null : throw Failed($"the {what} are missing");
        }

        var track = tracks.GetValueOrDefault(stream.Index);
        if (track is null || track.TotalCount != expected)
        {
            throw Failed($"{track?.TotalCount ?? 0} of {expected} {what} came through");
        }

        if (track.BackwardSteps > 0)
        {
            throw Failed($"the times of the {what} go backwards");
        }

        var unit = Rational.Parse(stream.TimeBase)?.Value ?? throw Failed("its clock is unknown");
        var times = track.First.Select(p => p.Pts).ToArray();
        if (sorted)
        {
            Array.Sort(times);
            for (var i = 1; i < times.Length; i++)
            {
                if (times[i] == times[i - 1])
                {
                    throw Failed($"two {what} have the same time");
                }
            }
        }

        return Array.ConvertAll(times, time => time * unit);
    }

    private static double Rounded(double seconds) => Math.Round(seconds, 6);

    private static MediaRejectedException Failed(string why) => new(
        RejectionCodes.FragmentJoinFailed,
        $"The fragments can't be joined without converting them: {why}. Convert them with the same settings first, for example to H.264 and AAC in MP4.");
}
