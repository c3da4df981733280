using System.Buffers;
using System.Text;

namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>Takes a run's standard output in the way that its command asks for.</summary>
internal sealed class OutputSink(MediaCommand command) : IDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly MemoryStream _text = new();

    public bool IsOverLimit { get; private set; }

    public string Text => Encoding.UTF8.GetString(_text.GetBuffer(), 0, (int)_text.Length);

    /// <exception cref="OperationCanceledException">Over the limit, or stopped.</exception>
    public Task DrainAsync(Stream pipe, CancellationToken ct)
    {
        if (command.OnProgress is { } report)
        {
            var reader = new ProgressReader(report);
            return ReadLines.FromAsync(pipe, line => reader.Read(line), ct);
        }

        return command.OnLine is { } onLine ? ReadLines.FromAsync(pipe, onLine, ct) : CopyAsync(pipe, command.Output ?? _text, ct);
    }

    public void Dispose() => _text.Dispose();

    private async Task CopyAsync(Stream pipe, Stream target, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var left = command.OutputLimitBytes;
            while (await pipe.ReadAsync(buffer.AsMemory(0, BufferBytes), ct) is > 0 and var count)
            {
                left -= count;
                if (left < 0)
                {
                    IsOverLimit = true;
                    throw new OperationCanceledException("The output limit is reached.");
                }

                await target.WriteAsync(buffer.AsMemory(0, count), ct);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
