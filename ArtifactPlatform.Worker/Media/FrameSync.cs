namespace ArtifactPlatform.Worker.Media;

/// <summary>Streams without a file header: known by a pattern that comes back at the distance that it says itself.</summary>
internal static class FrameSync
{
    /// <summary>Chance finds one MP3 header in 64 KiB of noise easily, three in a row hardly ever.</summary>
    private const int FramesInARow = 3;

    private const int PacketsInARow = 5;

    /// <summary>Plain, with a time stamp in front (Blu-ray), with error correction behind.</summary>
    private static readonly int[] TransportPacketBytes = [188, 192, 204];

    /// <summary>kbit/s by index: MPEG-1 layers 1, 2, 3, then MPEG-2 layer 1 and layers 2 and 3 (ISO/IEC 11172-3 §2.4.2.3, 13818-3).</summary>
    private static readonly int[][] BitRates =
    [
        [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];

    private static readonly int[] SampleRates = [44100, 48000, 32000];

    public static SniffedContent? Find(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("ID3"u8))
        {
            // A tag can be larger than the head (a cover picture), and what follows is MP3 in all but a few odd files.
            var tag = Id3Bytes(head);
            return tag < head.Length && StartsWithAdts(head[tag..])
                ? Of("audio/aac", "aac", "an AAC file")
                : tag < head.Length && head[tag..].StartsWith("fLaC"u8) ? Of("audio/flac", "flac", "a FLAC file") : Of("audio/mpeg", "mp3", "an MP3 file");
        }

        return IsTransport(head) ? Of("video/mp2t", "mpegts", "an MPEG transport stream")
            : StartsWithAdts(head) ? Of("audio/aac", "aac", "an AAC file")
            : IsLoas(head) ? Of("audio/aac", "aac", "an AAC file")
            : head.Length > 6 && head[0] == 0x0b && head[1] == 0x77 ? Of("audio/ac3", "ac3", "an AC-3 file")
            : StartCodes(head) ?? (HasMp3Frames(head) ? Of("audio/mpeg", "mp3", "an MP3 file") : null);
    }

    /// <summary>Length of the ID3v2 tag with its header (and footer) at the start, 0 without one (id3.org, ID3v2.4 §3.1).</summary>
    public static int Id3Bytes(ReadOnlySpan<byte> head)
    {
        if (head.Length < 10 || !head.StartsWith("ID3"u8))
        {
            return 0;
        }

        var size = (head[6] & 0x7f) << 21 | (head[7] & 0x7f) << 14 | (head[8] & 0x7f) << 7 | (head[9] & 0x7f);
        return size + 10 + ((head[5] & 0x10) != 0 ? 10 : 0);
    }

    /// <summary>Bytes of the MPEG audio frame that starts here; 0 when none does.</summary>
    public static int Mp3FrameBytes(ReadOnlySpan<byte> at)
    {
        if (at.Length < 4 || at[0] != 0xff || (at[1] & 0xe0) != 0xe0)
        {
            return 0;
        }

        var version = (at[1] >> 3) & 3; // 0: 2.5, 2: 2, 3: 1
        var layer = 4 - ((at[1] >> 1) & 3); // 4 is reserved
        var bitRate = at[2] >> 4;
        var sampleRate = (at[2] >> 2) & 3;
        if (version == 1 || layer == 4 || bitRate is 0 or 15 || sampleRate == 3)
        {
            return 0;
        }

        var bits = 1000 * BitRates[version == 3 ? layer - 1 : layer == 1 ? 3 : 4][bitRate];
        var hertz = Hertz(version, sampleRate);
        var padding = (at[2] >> 1) & 1;
        return layer == 1 ? ((12 * bits / hertz) + padding) * 4 : (layer == 3 && version != 3 ? 72 : 144) * bits / hertz + padding;
    }

    /// <summary>Samples per channel and sample rate of the frame that starts here, which must be a valid one.</summary>
    public static (int Samples, int Hertz) Mp3FrameSamples(ReadOnlySpan<byte> at)
    {
        var version = (at[1] >> 3) & 3;
        var layer = 4 - ((at[1] >> 1) & 3);
        return (layer == 1 ? 384 : layer == 3 && version != 3 ? 576 : 1152, Hertz(version, (at[2] >> 2) & 3));
    }

    private static int Hertz(int version, int index) => SampleRates[index] >> (version == 3 ? 0 : version == 2 ? 1 : 2);

    private static bool HasMp3Frames(ReadOnlySpan<byte> head)
    {
        for (var start = 0; start < head.Length; start++)
        {
            var at = start;
            for (var found = 0; ;)
            {
                var bytes = at < head.Length ? Mp3FrameBytes(head[at..]) : 0;
                if (bytes == 0)
                {
                    break;
                }

                at += bytes;
                // A short file may hold fewer, but then they must fill it.
                if (++found == FramesInARow || (start == 0 && at >= head.Length))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool StartsWithAdts(ReadOnlySpan<byte> head)
    {
        var at = 0;
        for (var found = 0; found < FramesInARow; found++)
        {
            // ISO/IEC 13818-7 §6.2: sync word, layer 0, frame length in 13 bits from bit 30.
            if (head.Length - at < 7 || head[at] != 0xff || (head[at + 1] & 0xf6) != 0xf0)
            {
                return found > 0 && at == head.Length;
            }

            var bytes = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5;
            if (bytes < 7)
            {
                return false;
            }

            at = Math.Min(at + bytes, head.Length);
        }

        return true;
    }

    private static bool IsLoas(ReadOnlySpan<byte> head)
    {
        var at = 0;
        for (var found = 0; found < FramesInARow; found++)
        {
            if (head.Length - at < 3 || head[at] != 0x56 || (head[at + 1] & 0xe0) != 0xe0)
            {
                return false;
            }

            at += 3 + ((head[at + 1] & 0x1f) << 8 | head[at + 2]);
        }

        return true;
    }

    private static bool IsTransport(ReadOnlySpan<byte> head)
    {
        const byte Sync = 0x47;
        foreach (var size in TransportPacketBytes)
        {
            for (var start = 0; start < size; start++)
            {
                var found = 0;
                while (found < PacketsInARow && start + (found * size) < head.Length && head[start + (found * size)] == Sync)
                {
                    found++;
                }

                if (found == PacketsInARow || (start == 0 && found > 0 && found * size == head.Length))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Bare H.264 and HEVC: a start code and a first unit that only begins a stream (parameter set, delimiter).</summary>
    private static SniffedContent? StartCodes(ReadOnlySpan<byte> head)
    {
        var unit = head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 1]) ? 4 : head.StartsWith((ReadOnlySpan<byte>)[0, 0, 1]) ? 3 : 0;
        if (unit == 0 || head.Length <= unit + 1)
        {
            return null;
        }

        return (head[unit] & 0x1f) is 7 or 9 && (head[unit] & 0x80) == 0 ? Of("video/h264", "h264", "an H.264 stream")
            : (head[unit] >> 1) is 32 or 33 or 35 && head[unit + 1] == 1 ? Of("video/h265", "hevc", "an HEVC stream") : null;
    }

    private static SniffedContent Of(string type, string container, string name) => new(ContentKind.Media, type, name, container);
}
