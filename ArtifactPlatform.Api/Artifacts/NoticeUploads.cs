using System.Threading.Channels;
using ArtifactPlatform.Core.Artifacts;

namespace ArtifactPlatform.Api.Artifacts;

/// <summary>Looks for uploads that the store has announced, after the store has had its answer. What is dropped or fails here is found by the worker's sweep.</summary>
internal sealed partial class NoticeUploads(UploadNotice notice, ILogger<NoticeUploads> logger) : BackgroundService
{
    /// <summary>More waiting than this are looked for no sooner than the sweep would.</summary>
    private const int Capacity = 10_000;

    private const int Parallelism = 4;

    private readonly Channel<string> announced = Channel.CreateBounded<string>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Returns at once.</summary>
    public void Look(string artifactId) => announced.Writer.TryWrite(artifactId);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        announced.Reader.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = stoppingToken },
        async (artifactId, ct) =>
        {
            try
            {
                await notice.CheckAsync(artifactId, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(logger, artifactId, e.Message);
            }
        });

    [LoggerMessage(LogLevel.Warning, "Announced upload of {ArtifactId} not looked at; the sweep will do it: {Reason}")]
    private static partial void LogFailed(ILogger logger, string artifactId, string reason);
}
