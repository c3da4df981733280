using System.Threading.Channels;

namespace ArtifactPlatform.NativeHosting.Logs;

/// <summary>
/// Writes to the terminal from a bounded queue: a terminal that is held (Ctrl-S, a pager) costs lines, which the log
/// files still have, and never stops the platform.
/// </summary>
internal sealed class ConsoleWriter : IAsyncDisposable
{
    private const int MostWaiting = 10_000;
    private readonly Channel<string> _lines;
    private readonly Task _writing;
    private int _lost;

    public ConsoleWriter(TextWriter output)
    {
        _lines = Channel.CreateBounded<string>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _lost));
        _writing = Task.Run(() => WriteAsync(output));
    }

    public void WriteLine(string line) => _lines.Writer.TryWrite(line);

    /// <summary>Ends once all is written, or after a second: nobody may be reading.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(TimeSpan.FromSeconds(1)));
    }

    private async Task WriteAsync(TextWriter output)
    {
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out var line))
            {
                if (Interlocked.Exchange(ref _lost, 0) is var lost and > 0)
                {
                    await output.WriteLineAsync($"… {lost} lines not shown; the log files have them");
                }

                await output.WriteLineAsync(line);
            }

            await output.FlushAsync();
        }
    }
}
