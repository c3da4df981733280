using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Uploads;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Uploads;

/// <summary>Aborts upload sessions that were never finalized. Every worker looks; ending one is compare-and-set, so it ends once.</summary>
public sealed partial class ExpireUploads(IDbContextFactory<PlatformDb> databases, AbortedUploads aborted, TimeProvider clock, ILogger<ExpireUploads> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private const int BatchSize = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await SweepAsync(stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogFailed(logger, e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var over = await db.Uploads.Where(u => u.Status == UploadStatus.Created && u.ExpiresAt < now).OrderBy(u => u.ExpiresAt).Take(BatchSize).Select(u => new { u.CompanyId, u.Id }).ToListAsync(ct);
        foreach (var upload in over)
        {
            await aborted.AbortAsync(upload.CompanyId, upload.Id, ct);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The sweep over expired upload sessions broke off and goes on: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
