using System.Buffers.Binary;

namespace ArtifactPlatform.Worker.Media;

/// <summary>What the edit lists of an MP4 or QuickTime file leave out (ISO/IEC 14496-12 §8.6.6), which ffprobe's headers do not tell.</summary>
internal sealed class EditLists(FileWindow file)
{
    /// <summary>3,000 pieces; what comes behind counts as uncut.</summary>
    private const int MaxListBytes = 60_000;

    /// <param name="file">The file.</param>
    /// <param name="indexAt">Where its <c>moov</c> begins.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <returns>Seconds by track, in the file's order, which is ffmpeg's order of streams: what lies before the first piece and between pieces; uncut where a file has more tracks than are looked at.</returns>
    /// <exception cref="MediaSourceException">The bytes can't be had at the moment.</exception>
    public static async Task<IReadOnlyList<double>> ReadAsync(FileWindow file, long indexAt, CancellationToken ct)
    {
        var lists = new EditLists(file);
        return await lists.BoxAsync(indexAt, file.SizeBytes, ct) is { } index ? await lists.TracksAsync(index, ct) : [];
    }

    private async Task<List<double>> TracksAsync(Box index, CancellationToken ct)
    {
        List<double> cuts = [];
        uint timescale = 0;
        for (var at = index.Start; await BoxAsync(at, index.End, ct) is { } box; at = box.End)
        {
            if (box.Type == "mvhd")
            {
                timescale = await TimescaleAsync(box, ct);
            }
            else if (box.Type == "trak")
            {
                cuts.Add(await CutAsync(box, timescale, ct));
            }
        }

        return cuts;
    }

    private async Task<double> CutAsync(Box track, uint movieTimescale, CancellationToken ct)
    {
        var list = await FindAsync(await FindAsync(track, "edts", ct), "elst", ct);
        var header = list is null ? null : await FindAsync(await FindAsync(track, "mdia", ct), "mdhd", ct);
        if (list is null || header is null || await TimescaleAsync(header, ct) is not (> 0 and var timescale) || movieTimescale == 0)
        {
            return 0;
        }

        return Cut(await file.ReadAsync(list.Start, (int)Math.Min(list.End - list.Start, MaxListBytes), ct), 1.0 / movieTimescale, 1.0 / timescale);
    }

    /// <param name="list">Behind the box's header.</param>
    /// <param name="movieUnit">Seconds; lengths of pieces are counted in it.</param>
    /// <param name="unit">Seconds; places in the track are counted in it.</param>
    private static double Cut(ReadOnlySpan<byte> list, double movieUnit, double unit)
    {
        var isWide = list.Length > 0 && list[0] == 1;
        var cut = 0.0;
        var end = 0.0;
        for (var rest = list.Length > 8 ? list[8..] : []; rest.Length >= (isWide ? 20 : 12); rest = rest[(isWide ? 20 : 12)..])
        {
            var length = isWide ? BinaryPrimitives.ReadInt64BigEndian(rest) : BinaryPrimitives.ReadUInt32BigEndian(rest);
            var from = isWide ? BinaryPrimitives.ReadInt64BigEndian(rest[8..]) : BinaryPrimitives.ReadInt32BigEndian(rest[4..]);
            if (from >= 0)
            {
                cut += Math.Abs((from * unit) - end);
                end = (from * unit) + (length * movieUnit);
            }
        }

        return cut;
    }

    /// <summary>Of <c>mvhd</c> and <c>mdhd</c>, which begin alike: version 1 has its two dates in 64 bits.</summary>
    private async Task<uint> TimescaleAsync(Box header, CancellationToken ct)
    {
        var bytes = await file.ReadAsync(header.Start, 24, ct);
        return bytes.Length == 24 ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(bytes[0] == 1 ? 20 : 12)) : 0;
    }

    private async Task<Box?> FindAsync(Box? parent, string type, CancellationToken ct)
    {
        var found = parent is null ? null : await BoxAsync(parent.Start, parent.End, ct);
        while (parent is not null && found is not null && found.Type != type)
        {
            found = await BoxAsync(found.End, parent.End, ct);
        }

        return found;
    }

    /// <returns>The box that begins there; null at the parent's end, and where there is rubbish.</returns>
    private async Task<Box?> BoxAsync(long at, long parentEnd, CancellationToken ct)
    {
        const int Wide = 16;
        if (at + 8 > parentEnd)
        {
            return null;
        }

        var header = await file.ReadAsync(at, Wide, ct);
        var (type, size) = Mp4Layout.ReadHeader(header, parentEnd - at);
        var length = header.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(header) == 1 ? Wide : 8;
        return size >= length && size <= parentEnd - at ? new(type, at + length, at + size) : null;
    }

    /// <param name="Start">Where its content begins.</param>
    private sealed record Box(string Type, long Start, long End);
}
