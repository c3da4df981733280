using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Small pieces of a file, read a window at a time: of an object in a store each read costs a round trip, however little it asks for.</summary>
internal sealed class FileWindow
{
    /// <summary>Holds the index of a film of minutes, and all that is looked at of any track.</summary>
    private const int WindowBytes = ContentSniffer.HeadBytes;

    /// <summary>One for each of ffmpeg's tracks and as many boxes as a layout has.</summary>
    private const int MaxReads = 192;

    private readonly RangeReader _reader;
    private readonly MediaInput _input;
    private byte[] _window;
    private long _windowAt;
    private int _reads;

    private FileWindow(RangeReader reader, MediaInput input, long sizeBytes, byte[] head)
    {
        (_reader, _input, SizeBytes) = (reader, input, sizeBytes);
        Head = _window = head;
    }

    /// <summary>The first <see cref="ContentSniffer.HeadBytes"/>, or the whole file if that is shorter.</summary>
    public byte[] Head { get; }

    /// <summary>Of the whole file.</summary>
    public long SizeBytes { get; }

    /// <exception cref="MediaSourceException">The bytes can't be had at the moment; so with every read.</exception>
    public static async Task<FileWindow> OpenAsync(RangeReader reader, MediaInput input, long sizeBytes, CancellationToken ct) =>
        new(reader, input, sizeBytes, sizeBytes == 0 ? [] : await reader.ReadAsync(input, 0, (int)Math.Min(sizeBytes, WindowBytes), ct));

    /// <returns>Fewer at the file's end; none when enough has been read.</returns>
    public async Task<byte[]> ReadAsync(long at, int count, CancellationToken ct)
    {
        var end = Math.Min(at + count, SizeBytes);
        if ((at < _windowAt || end > _windowAt + _window.Length) && at < SizeBytes && _reads++ < MaxReads)
        {
            _window = await _reader.ReadAsync(_input, at, (int)Math.Min(Math.Max(count, WindowBytes), SizeBytes - at), ct);
            _windowAt = at;
        }

        var from = at - _windowAt;
        return from >= 0 && from <= _window.Length ? _window[(int)from..(int)Math.Min(from + count, _window.Length)] : [];
    }
}
