using System.Buffers;
using System.Text;

namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>Splits a pipe into lines with bounded memory.</summary>
internal static class ReadLines
{
    /// <summary>What is longer is cut off. ffprobe writes one stream on one line, tags and all.</summary>
    private const int MaxLineBytes = 1 << 20;

    private const int BufferBytes = 64 << 10;

    public static async Task FromAsync(Stream pipe, Action<string> onLine, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var line = new ArrayBufferWriter<byte>();
        try
        {
            while (await pipe.ReadAsync(buffer.AsMemory(0, BufferBytes), ct) is > 0 and var count)
            {
                Split(buffer.AsSpan(0, count), line, onLine);
            }

            if (line.WrittenCount > 0)
            {
                Emit(line, onLine);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Split(ReadOnlySpan<byte> chunk, ArrayBufferWriter<byte> line, Action<string> onLine)
    {
        // ffmpeg ends the lines of its status display with a carriage return.
        while (chunk.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end)
        {
            if (line.WrittenCount == 0)
            {
                // The common case: a whole line in one chunk, decoded where it stands.
                if (end > 0)
                {
                    onLine(Encoding.UTF8.GetString(chunk[..end]));
                }
            }
            else
            {
                Keep(chunk[..end], line);
                Emit(line, onLine);
            }

            chunk = chunk[(end + 1)..];
        }

        Keep(chunk, line);
    }

    private static void Keep(ReadOnlySpan<byte> part, ArrayBufferWriter<byte> line) =>
        line.Write(part[..Math.Min(part.Length, MaxLineBytes - line.WrittenCount)]);

    private static void Emit(ArrayBufferWriter<byte> line, Action<string> onLine)
    {
        onLine(Encoding.UTF8.GetString(line.WrittenSpan));
        line.ResetWrittenCount();
    }
}
