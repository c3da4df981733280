using System.Buffers;
using System.Text;

namespace ArtifactPlatform.NativeHosting.Processes;

/// <summary>Cuts a pipe into lines, in bounded memory: a longer line is cut in pieces.</summary>
internal static class LineReader
{
    public const int LongestLineBytes = 16 * 1024;

    public static async Task ReadAsync(Stream pipe, Action<string> onLine)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestLineBytes);
        var filled = 0;
        try
        {
            while (await pipe.ReadAsync(buffer.AsMemory(filled)) is var read and > 0)
            {
                filled = EmitLines(buffer, filled + read, onLine);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The pipe went away with its process: what came before counts.
        }

        if (filled > 0)
        {
            onLine(Text(buffer.AsSpan(0, filled)));
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <returns>How many bytes of an unfinished line stay at the buffer's start.</returns>
    private static int EmitLines(byte[] buffer, int filled, Action<string> onLine)
    {
        var start = 0;
        while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is var length and >= 0)
        {
            onLine(Text(buffer.AsSpan(start, length)));
            start += length + 1;
        }

        var rest = filled - start;
        if (rest == buffer.Length)
        {
            onLine(Text(buffer));
            return 0;
        }

        buffer.AsSpan(start, rest).CopyTo(buffer);
        return rest;
    }

    private static string Text(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line).TrimEnd('\r');
}
