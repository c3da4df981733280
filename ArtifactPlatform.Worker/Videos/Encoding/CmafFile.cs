using System.Buffers.Binary;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>What the boxes of a single-track fragmented MP4 say (ISO/IEC 14496-12 §8.8): where its fragments lie and how long they last.</summary>
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

    public double Seconds => Segments.Sum(segment => segment.Seconds);

    /// <exception cref="InvalidDataException">Not such a file: nothing was written, or not to the end.</exception>
    public static async Task<CmafFile> ReadAsync(string path, CancellationToken ct)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096, useAsync: true);
        InitialTrack? track = null;
        var init = 0L;
        var allSync = true;
        var samples = 0L;
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
                segments.Add(new(at, size, fragment.Duration / (double)track.Timescale));
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
            : new(track.Codecs, init, WithoutShortLast(segments), samples, allSync);
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
    private sealed record InitialTrack(uint Timescale, uint DefaultDuration, uint DefaultFlags, string Codecs)
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
                CodecString.FromSampleDescription(Boxes.Find(moov, "trak", "mdia", "minf", "stbl", "stsd")));
        }
    }

    private sealed record Fragment(long Duration, long Samples, bool StartsWithSync)
    {
        private const uint NonSync = 0x10000;

        public static Fragment Read(byte[] moof, InitialTrack track)
        {
            var tfhd = Boxes.Find(moof, "traf", "tfhd");
            var (duration, flags) = Defaults(tfhd, track);
            long total = 0, samples = 0;
            var sync = true;
            foreach (var range in Boxes.All(Boxes.Find(moof, "traf").ToArray(), "trun"))
            {
                var run = TrackRun.Read(range, duration, flags);
                sync &= samples > 0 || (run.FirstFlags & NonSync) == 0;
                total += run.Duration;
                samples += run.Samples;
            }

            return new(total, samples, sync && samples > 0);
        }

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
