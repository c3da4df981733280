using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>Deletes artifacts whose time is over, as a DELETE would. Every worker looks; the delete is compare-and-set, so each goes once, and one whose expiry was moved stays.</summary>
public sealed partial class ExpireArtifacts(IDbContextFactory<PlatformDb> databases, DeletedArtifacts artifacts, TimeProvider clock, ILogger<ExpireArtifacts> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private const int BatchSize = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                if (await TrySweepAsync(stoppingToken) < BatchSize)
                {
                    await Task.Delay(Pause, clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<int> TrySweepAsync(CancellationToken ct)
    {
        try
        {
            return await SweepAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(logger, e.Message);
            return 0;
        }
    }

    private async Task<int> SweepAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        var due = await db.Artifacts.Where(a => a.ExpiresAt <= now).OrderBy(a => a.ExpiresAt).Take(BatchSize).Select(a => new { a.CompanyId, a.Id }).ToListAsync(ct);
        foreach (var artifact in due)
        {
            if (await artifacts.DeleteAsync(artifact.CompanyId, artifact.Id, shown => AuditEntry.ByRule("expires_at", shown, now), ct, a => a.ExpiresAt <= now))
            {
                LogExpired(logger, artifact.Id, artifact.CompanyId);
            }
        }

        return due.Count;
    }

    [LoggerMessage(LogLevel.Information, "Artifact {ArtifactId} of company {CompanyId} has expired and was deleted")]
    private static partial void LogExpired(ILogger logger, string artifactId, string companyId);

    [LoggerMessage(LogLevel.Warning, "The sweep over expired artifacts broke off and goes on: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
