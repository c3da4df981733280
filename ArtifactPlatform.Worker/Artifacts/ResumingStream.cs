using ArtifactPlatform.Core.Network;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>
/// Reads a remote file front to back and goes on where it was when the connection breaks or falls silent. Gives up after several
/// failures in a row without a byte between them, and soon when no byte has come at all: whoever reads keeps a slot from others.
/// </summary>
/// <param name="open">Opens the file at an offset.</param>
/// <param name="explain">Turns the failure that it gives up on into one that says what to do.</param>
/// <param name="idleTimeout">Longest silence that is waited out.</param>
public sealed class ResumingStream(Func<long, CancellationToken, Task<Stream>> open, Func<Exception, Exception> explain, TimeSpan idleTimeout, TimeProvider clock) : ForwardStream
{
    /// <summary>Waits 0.5 s, 1 s, 2 s, 4 s between: rides out a restart of the other side, gives up within 10 s.</summary>
    private const int MaxFailuresInARow = 5;

    /// <summary>One more quick try at a source that has not given a byte. There is nothing to lose yet, so the job's later attempts wait for it, outside the slot.</summary>
    private const int MaxFailuresToBegin = 2;

    private static readonly TimeSpan WaitToBegin = TimeSpan.FromSeconds(0.2);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5);

    private Stream? current;
    private long position;
    private int failures;

    /// <summary>Opens the file without reading from it, so that a refusal and the length are known first.</summary>
    public Task ConnectAsync(CancellationToken ct) => RunAsync((_, _) => ValueTask.FromResult(0), ct).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await RunAsync((stream, ct) => stream.ReadAsync(buffer, ct), cancellationToken);
        position += read;
        failures = 0;
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        current?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>A connection that broke or fell silent, unlike a refusal or our own cancellation.</summary>
    private static bool IsBroken(Exception e, CancellationToken ct) => e switch
    {
        OperationCanceledException => !ct.IsCancellationRequested,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => false,
        // HttpClient wraps what the guard throws while it connects.
        ForbiddenAddressException or HttpRequestException { InnerException: ForbiddenAddressException } => false,
        Core.Storage.S3SourceException s3 => s3.Problem == Core.Storage.S3Problem.Unreachable,
        IOException or HttpRequestException => true,
        _ => false,
    };

    /// <summary>A wait for the first byte that ran out has taken its time in the slot already.</summary>
    private int MaxFailures(Exception e) => position > 0 ? MaxFailuresInARow : e is OperationCanceledException ? 1 : MaxFailuresToBegin;

    private async ValueTask<int> RunAsync(Func<Stream, CancellationToken, ValueTask<int>> use, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                using var idle = CancellationTokenSource.CreateLinkedTokenSource(ct);
                idle.CancelAfter(idleTimeout);
                current ??= await open(position, idle.Token);
                return await use(current, idle.Token);
            }
            catch (Exception e) when (IsBroken(e, ct) && ++failures < MaxFailures(e))
            {
                await CloseAsync();
                await Task.Delay(position > 0 ? FirstWait * (1 << (failures - 1)) : WaitToBegin, clock, ct);
            }
            catch (OperationCanceledException e) when (!ct.IsCancellationRequested && e.InnerException is not TimeoutException)
            {
                throw new IngestDelayedException("source_stalled", $"The source sent nothing for {idleTimeout.TotalSeconds:0} s, again and again. Check it, then retry.");
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                throw explain(e);
            }
        }
    }

    private async Task CloseAsync()
    {
        if (current is { } broken)
        {
            current = null;
            await broken.DisposeAsync();
        }
    }
}
