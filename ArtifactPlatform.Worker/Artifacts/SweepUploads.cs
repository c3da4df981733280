using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>
/// Looks for awaited PUTs that no notification announced, and fails those that never came. Every worker sweeps; rows are shared out
/// by <c>skip locked</c>, so each is looked at about once a second however many workers there are.
/// </summary>
public sealed partial class SweepUploads(IDbContextFactory<PlatformDb> databases, UploadNotice notice, ArtifactLog log, Quota quota, TimeProvider clock, ILogger<SweepUploads> logger) : BackgroundService
{
    /// <summary>The contract says that a finished PUT is noticed within 2 s.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.25);

    private const int BatchSize = 128;

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

    private async Task<int> SweepAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var due = await db.Artifacts
            .FromSql(
                $"""
                update artifacts set upload_checked_at = now() where id in (
                    select id from artifacts
                    where upload_expires_at is not null and uploaded_at is null and status = 'created' and (upload_checked_at is null or upload_checked_at < now() - {LookEvery})
                    order by upload_checked_at nulls first limit {BatchSize} for update skip locked)
                returning *
                """)
            .AsNoTracking()
            .ToListAsync(ct);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct }, async (artifact, token) =>
        {
            if (!await notice.CheckAsync(artifact.Id, token) && clock.GetUtcNow() > artifact.UploadExpiresAt + IngestLimits.UploadGrace)
            {
                await ExpireAsync(artifact, token);
            }
        });
        return due.Count;
    }

    private async Task ExpireAsync(Artifact artifact, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await log.ChangeAsync(
            artifact.CompanyId,
            artifact.Id,
            a => a.Status == ArtifactStatus.Created && a.UploadedAt == null,
            set => set
                .SetProperty(a => a.Status, ArtifactStatus.UploadFailed)
                .SetProperty(a => a.ErrorCode, "upload_expired")
                .SetProperty(a => a.ErrorMessage, "The file was never uploaded: its upload URL has expired. Create a new artifact and upload to its URL within 15 minutes.")
                .SetProperty(a => a.UpdatedAt, now),
            EventTypes.ArtifactUploadFailed,
            ct,
            (db, token) => quota.ReleaseAsync(db, UsageKind.StoredBytes, artifact.CompanyId, artifact.Id, token));
    }

    [LoggerMessage(LogLevel.Warning, "The sweep over awaited uploads broke off and goes on: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
