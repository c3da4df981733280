using System.Buffers.Binary;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>What the boxes of a single-track fragmented MP4 say (ISO/IEC 14496-12 §8.8): where its fragments lie and how long they are shown.</summary>
/// <param name="Codecs">RFC 6381.</param>
/// <param name="InitLength">Bytes before the first fragment.</param>
/// <param name="Samples">Frames or packets.</param>
/// <param name="StartsWithSync">Every fragment begins with a sample that can be decoded by itself.</param>
internal sealed record CmafFile(string Codecs, long InitLength, IReadOnlyList<PackagedSegment> Segments, long Samples, bool StartsWithSync)
{
    /// <summary>A header of one track is about 1 KB; a fragment's has 16 bytes a frame.</summary>
    private const long MaxHeaderBytes = 16 << 20;

    /// <summary>
    /// A last segment of a few frames costs a request of its own, and hls.js never ends on one: its sound lies wholly behind the place
    /// where the browser, which leaves out the encoder's first packet, has its end.
    /// </summary>
    private const double LeastLastSeconds = 0.5;

    /// <summary>As shown: without what the edit list takes off the start.</summary>
    public double Seconds => Segments.Sum(segment => segment.Seconds);

    /// <exception cref="InvalidDataException">Not such a file: nothing was written, or not to the end.</exception>
    public static async Task<CmafFile> ReadAsync(string path, CancellationToken ct)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096, useAsync: true);
        InitialTrack? track = null;
        var init = 0L;
        var allSync = true;
        var samples = 0L;
        List<Fragment> fragments = [];
        List<PackagedSegment> segments = [];
        var header = new byte[16];
        for (long at = 0, fragmentAt = 0, size; at < file.Length; at += size)
        {
            file.Position = at;
            var got = await file.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, ct);
            (var type, size) = Mp4Layout.ReadHeader(header.AsSpan(0, got), file.Length - at);
            if (size < 8 || at + size > file.Length)
            {
                throw new InvalidDataException($"{Path.GetFileName(path)} ends in the middle.");
            }

            if (type == "moov")
            {
                track = InitialTrack.Read(await BodyAsync(file, at, size, ct));
                init = at + size;
            }
            else if (type == "moof" && track is not null)
            {
                var fragment = Fragment.Read(await BodyAsync(file, at, size, ct), track);
                fragments.Add(fragment);
                segments.Add(new(at, size, 0));
                allSync &= fragment.StartsWithSync;
                samples += fragment.Samples;
                fragmentAt = at;
            }
            else if (segments.Count > 0)
            {
                segments[^1] = segments[^1] with { Length = at + size - fragmentAt };
            }
        }

        return track is null || segments.Count == 0
            ? throw new InvalidDataException($"{Path.GetFileName(path)} holds nothing.")
            : new(track.Codecs, init, WithoutShortLast(Timed(segments, fragments, track)), samples, allSync);
    }

    /// <summary>
    /// From the first picture or sound of each to that of the next, by when they are shown: decoding runs ahead of it, with varying frame
    /// times by another time at the end than at the start.
    /// </summary>
    private static List<PackagedSegment> Timed(List<PackagedSegment> segments, List<Fragment> fragments, InitialTrack track)
    {
        long From(int at) => at == fragments.Count ? fragments.Max(fragment => fragment.ShownTo) : Math.Max(fragments[at].ShownFrom, track.CutOff);

        // A sound of a moment may be all priming.
        return [.. segments.Select((segment, at) => segment with { Seconds = Math.Max(From(at + 1) - From(at), 1) / (double)track.Timescale })];
    }

    private static List<PackagedSegment> WithoutShortLast(List<PackagedSegment> segments) =>
        segments is [.. var others, var before, { Seconds: < LeastLastSeconds } last]
            ? [.. others, before with { Length = last.Offset + last.Length - before.Offset, Seconds = before.Seconds + last.Seconds }]
            : segments;

    public PackagedTrack ToTrack(string file)
    {
        // HLS (RFC 8216bis §4.4.6.2) leaves very short segments out of the peak: a last one of one frame would count for hundreds of megabits.
        var least = Math.Min(PackageArguments.SegmentSeconds / 2.0, Seconds);
        var peak = Segments.Max(segment => segment.Length * 8 / Math.Max(segment.Seconds, Math.Max(least, 0.001)));
        var average = Segments.Sum(segment => segment.Length) * 8 / Math.Max(Seconds, 0.001);
        return new(file, Codecs, (long)Math.Ceiling(Math.Max(peak, average)), (long)Math.Ceiling(average), InitLength, Segments);
    }

    private static async Task<byte[]> BodyAsync(FileStream file, long at, long size, CancellationToken ct)
    {
        if (size > MaxHeaderBytes)
        {
            throw new InvalidDataException("A header is larger than any real one.");
        }

        var body = new byte[size];
        file.Position = at;
        await file.ReadExactlyAsync(body, ct);
        return body[8..];
    }

    /// <param name="DefaultDuration">Of a sample, in units of the timescale; so are all times here.</param>
    /// <param name="CutOff">Where the edit list has the track begin: behind the coder's delay.</param>
    private sealed record InitialTrack(uint Timescale, uint DefaultDuration, uint DefaultFlags, long CutOff, string Codecs)
    {
        public static InitialTrack Read(byte[] moov)
        {
            var mdhd = Boxes.Find(moov, "trak", "mdia", "mdhd");
            // Version 1 has its two dates in 64 bits.
            var timescale = BinaryPrimitives.ReadUInt32BigEndian(mdhd[(mdhd[0] == 1 ? 20 : 12)..]);
            var trex = Boxes.Find(moov, "mvex", "trex");
            return new(
                Math.Max(timescale, 1),
                BinaryPrimitives.ReadUInt32BigEndian(trex[12..]),
                BinaryPrimitives.ReadUInt32BigEndian(trex[20..]),
                ReadCutOff(Boxes.All(Boxes.Find(moov, "trak").ToArray(), "edts").FirstOrDefault()),
                CodecString.FromSampleDescription(Boxes.Find(moov, "trak", "mdia", "minf", "stbl", "stsd")));
        }

        /// <summary>§8.6.6: ffmpeg writes one piece, behind an empty one where the track begins late.</summary>
        private static long ReadCutOff(byte[]? edits)
        {
            var list = edits is null ? [] : Boxes.Find(edits, "elst");
            var isWide = list.Length > 0 && list[0] == 1;
            return list.Length < 20 ? 0 : Math.Max(isWide ? BinaryPrimitives.ReadInt64BigEndian(list[^12..]) : BinaryPrimitives.ReadInt32BigEndian(list[^8..]), 0);
        }
    }

    /// <param name="ShownFrom">When the first sample is shown, on the track's clock.</param>
    /// <param name="ShownTo">When the last one has been shown.</param>
    private sealed record Fragment(long ShownFrom, long ShownTo, long Samples, bool StartsWithSync)
    {
        private const uint NonSync = 0x10000;

        public static Fragment Read(byte[] moof, InitialTrack track)
        {
            var tfhd = Boxes.Find(moof, "traf", "tfhd");
            var (duration, flags) = Defaults(tfhd, track);
            var time = DecodingTime(Boxes.Find(moof, "traf", "tfdt"));
            long from = long.MaxValue, to = long.MinValue, samples = 0;
            var sync = true;
            foreach (var range in Boxes.All(Boxes.Find(moof, "traf").ToArray(), "trun"))
            {
                var run = TrackRun.Read(range, duration, flags);
                sync &= samples > 0 || (run.FirstFlags & NonSync) == 0;
                if (run.Samples > 0)
                {
                    from = Math.Min(from, time + run.ShownFrom);
                    to = Math.Max(to, time + run.ShownTo);
                }

                time += run.Duration;
                samples += run.Samples;
            }

            return samples == 0 ? new(time, time, 0, false) : new(from, to, samples, sync);
        }

        /// <summary>§8.8.12: 64 bits in version 1.</summary>
        private static long DecodingTime(ReadOnlySpan<byte> tfdt) => tfdt[0] == 1 ? BinaryPrimitives.ReadInt64BigEndian(tfdt[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tfdt[4..]);

        /// <summary>§8.8.7: what stands there depends on the flags.</summary>
        private static (uint Duration, uint Flags) Defaults(ReadOnlySpan<byte> tfhd, InitialTrack track)
        {
            var flags = BinaryPrimitives.ReadUInt32BigEndian(tfhd) & 0xffffff;
            var at = 8 + ((flags & 0x1) != 0 ? 8 : 0) + ((flags & 0x2) != 0 ? 4 : 0);
            var duration = track.DefaultDuration;
            if ((flags & 0x8) != 0)
            {
                duration = BinaryPrimitives.ReadUInt32BigEndian(tfhd[at..]);
                at += 4;
            }

            at += (flags & 0x10) != 0 ? 4 : 0;
            return (duration, (flags & 0x20) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(tfhd[at..]) : track.DefaultFlags);
        }
    }
}
