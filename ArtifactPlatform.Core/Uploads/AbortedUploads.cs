using System.Text.Json;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Uploads;

/// <summary>Gives an upload session up, by its client's wish or because its time is over, and has removed what was stored of it.</summary>
public sealed class AbortedUploads(IDbContextFactory<PlatformDb> databases, EventLog events, EventNudge nudge, JobStream jobs, Quota quota, TimeProvider clock)
{
    /// <summary>Removal is tried for hours: nobody asks a second time.</summary>
    private const int MaxAttempts = 20;

    /// <returns>False when there is no such session, or it has ended.</returns>
    public async Task<bool> AbortAsync(string companyId, string uploadId, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var ended = await db.Uploads
            .Where(u => u.Id == uploadId && u.CompanyId == companyId && u.Status == UploadStatus.Created)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.Status, UploadStatus.Aborted).SetProperty(u => u.UpdatedAt, now), ct);
        if (ended == 0)
        {
            return false;
        }

        var upload = await db.Uploads.AsNoTracking().SingleAsync(u => u.Id == uploadId && u.CompanyId == companyId, ct);
        var job = new Job(JobKinds.DeleteObjects, upload.ArtifactId, companyId, MaxAttempts, now);
        db.Add(job);
        await db.SaveChangesAsync(ct);
        await quota.ReleaseAsync(db, UsageKind.StoredBytes, companyId, upload.ArtifactId, ct);
        await events.AppendAsync(db, companyId, EventTypes.UploadAborted, uploadId, JsonSerializer.Serialize(upload.ToObject(), ContractJson.Options), ct);
        await transaction.CommitAsync(ct);
        await nudge.SendAsync(companyId);
        await jobs.SendAsync(job.Kind, job.Id);
        return true;
    }
}
