using ArtifactPlatform.Core.Artifacts;

namespace ArtifactPlatform.Worker.Upkeep;

/// <summary>An artifact, of a dock or not, whose PUT is awaited.</summary>
/// <param name="ExpiresAt">Until when the PUT may begin.</param>
public sealed record AwaitedUpload(string CompanyId, string ArtifactId, DateTimeOffset? ExpiresAt);

/// <summary>
/// Looks for awaited PUTs that no notification announced, and fails those that never came. Every worker sweeps; rows are shared out
/// by <c>skip locked</c>, so each is looked at about once a second however many workers there are.
/// </summary>
public abstract partial class SweepAwaited(UploadNotice notice, TimeProvider clock, ILogger logger) : BackgroundService
{
    protected const string ExpiredCode = "upload_expired";

    protected const string ExpiredMessage = "The file was never uploaded: its upload URL has expired. Create a new artifact and upload to its URL within 15 minutes.";

    protected const int BatchSize = 128;

    /// <summary>The contract says that a finished PUT is noticed within 2 s.</summary>
    protected static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    /// <summary>Requests to the store at once.</summary>
    private const int Parallelism = 16;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var found = 0;
                try
                {
                    found = await SweepAsync(stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogFailed(logger, e.Message);
                }

                if (found < BatchSize)
                {
                    await Task.Delay(Pause, clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Takes up to <see cref="BatchSize"/> rows that were last looked at <see cref="LookEvery"/> ago, and notes that it did.</summary>
    protected abstract Task<IReadOnlyList<AwaitedUpload>> TakeDueAsync(CancellationToken ct);

    /// <summary>Fails one whose PUT can't come any more, if it is still awaited.</summary>
    protected abstract Task ExpireAsync(AwaitedUpload upload, CancellationToken ct);

    private async Task<int> SweepAsync(CancellationToken ct)
    {
        var due = await TakeDueAsync(ct);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct }, async (upload, token) =>
        {
            if (!await notice.CheckAsync(upload.ArtifactId, token) && clock.GetUtcNow() > upload.ExpiresAt + IngestLimits.UploadGrace)
            {
                await ExpireAsync(upload, token);
            }
        });
        return due.Count;
    }

    [LoggerMessage(LogLevel.Warning, "The sweep over awaited uploads broke off and goes on: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
