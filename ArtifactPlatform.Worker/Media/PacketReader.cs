using System.Globalization;
using System.Text;

namespace ArtifactPlatform.Worker.Media;

/// <summary>
/// Takes ffprobe's compact JSON apart as it streams by: a packet a line goes into its <see cref="PacketTrack"/>, the rest, which is
/// small, is kept as a document.
/// </summary>
internal sealed class PacketReader
{
    /// <summary>Headers of 64 streams with long tags come to some 100 KB.</summary>
    private const int MaxDocumentChars = 8 << 20;

    private readonly StringBuilder _document = new();
    private readonly Dictionary<int, PacketTrack> _tracks = [];
    private bool _inPackets;

    public IReadOnlyDictionary<int, PacketTrack> Tracks => _tracks;

    /// <summary>A packet came with a key's number and a vector: its content can't be read.</summary>
    public bool IsEncrypted { get; private set; }

    public FfprobeDocument Document => FfprobeDocument.Parse(_document.ToString()) with { IsEncrypted = IsEncrypted };

    public void Read(string line)
    {
        if (_inPackets)
        {
            if (line.StartsWith("    ]", StringComparison.Ordinal))
            {
                _inPackets = false;
                Keep("]" + line.AsSpan(5).ToString());
            }
            else
            {
                ReadPacket(line);
            }
        }
        else if (line.StartsWith("    \"packets\": [", StringComparison.Ordinal))
        {
            _inPackets = true;
            Keep("\"packets\": [");
        }
        else
        {
            Keep(line);
        }
    }

    private void Keep(string line)
    {
        if (_document.Length + line.Length > MaxDocumentChars)
        {
            throw new MediaRejectedException(RejectionCodes.MediaUnreadable, "The file's headers are larger than any real file's.");
        }

        _document.Append(line).Append('\n');
    }

    private void ReadPacket(ReadOnlySpan<char> line)
    {
        // { "stream_index": 0, "pts": 2048, "dts": -512, "duration": 512, "flags": "K_" },
        // A hand-written parser: a long file has millions of these.
        if (Number(line, "\"stream_index\": ") is not { } index)
        {
            IsEncrypted |= line.Contains("\"Encryption info\"", StringComparison.Ordinal);
            return;
        }

        var dts = Number(line, "\"dts\": ");
        if ((Number(line, "\"pts\": ") ?? dts) is not { } pts)
        {
            return;
        }

        var flags = After(line, "\"flags\": \"");
        if (!_tracks.TryGetValue((int)index, out var track))
        {
            _tracks[(int)index] = track = new PacketTrack();
        }

        var duration = (int)Math.Clamp(Number(line, "\"duration\": ") ?? 0, 0, int.MaxValue);
        track.Add(new PacketTimes(pts, duration, flags.StartsWith("K")), dts, isDiscarded: flags.Length > 1 && flags[1] == 'D');
    }

    private static long? Number(ReadOnlySpan<char> line, ReadOnlySpan<char> name)
    {
        var rest = After(line, name);
        var end = rest.IndexOfAny(',', ' ');
        return end > 0 && long.TryParse(rest[..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> line, ReadOnlySpan<char> name)
    {
        var at = line.IndexOf(name);
        return at < 0 ? [] : line[(at + name.Length)..];
    }
}
