using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Pieces of a file one after the other, as a stream to read once: a player's view of a track that skips segments.</summary>
internal sealed class FileRanges : ForwardStream
{
    private readonly FileStream _file;
    private readonly Queue<(long Offset, long Length)> _rest;
    private long _left;

    private FileRanges(string path, IEnumerable<(long Offset, long Length)> ranges)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        _rest = new(ranges);
    }

    /// <summary>The initialization segment and some of the media segments.</summary>
    public static FileRanges Of(PackagedTrack track, string folder, IEnumerable<PackagedSegment> segments) =>
        new(Path.Combine(folder, track.File), segments.Select(segment => (segment.Offset, segment.Length)).Prepend((0, track.InitLength)));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_left == 0)
        {
            if (!_rest.TryDequeue(out var next))
            {
                return 0;
            }

            (_file.Position, _left) = next;
        }

        var count = await _file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        _left = count == 0 ? 0 : _left - count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
