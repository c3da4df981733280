using System.Text.Json;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Uploads;
using ArtifactPlatform.Core.Videos;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Uploads;

/// <summary>Makes artifact and video of a finalized upload: all rows, jobs and events in one transaction.</summary>
internal sealed class VideoOfUpload(PlatformDb db, ArtifactLog artifacts, VideoLog videos, EventLog events, EventNudge nudge, ObjectStore store, JobStream jobs, TimeProvider clock)
{
    /// <returns>False when the session is not open any more; nothing was changed then.</returns>
    public async Task<bool> CreateAsync(UploadSession upload, string key, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var artifact = Artifact.OfStored(upload.ArtifactId, upload.CompanyId, upload.UserId, upload.ApiKeyId, upload.Filename, upload.ArtifactType, store.Bucket, key, now);
        var draft = new VideoDraft { Title = upload.Title, Passthrough = upload.Passthrough, Tags = upload.Tags };
        var video = new Video(upload.CompanyId, upload.UserId, artifact.Id, ownsArtifact: true, awaitsArtifact: false, IngestKind.DirectUpload, draft, now);
        Job[] work =
        [
            new(JobKinds.ProcessVideo, video.Id, upload.CompanyId, VideoLimits.MaxAttempts, now),
            new(JobKinds.Ingest, artifact.Id, upload.CompanyId, IngestLimits.MaxAttempts, now, VideoLimits.CheckAfter),
        ];

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var won = await db.Uploads
            .Where(u => u.Id == upload.Id && u.CompanyId == upload.CompanyId && u.Status == UploadStatus.Created)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.Status, UploadStatus.Completed).SetProperty(u => u.VideoId, video.Id).SetProperty(u => u.UpdatedAt, now), ct);
        if (won == 0)
        {
            return false;
        }

        db.AddRange(work);
        await artifacts.AddAsync(db, artifact, ct);
        await videos.AddAsync(db, video, upload.Policy, ct);
        var completed = await db.Uploads.AsNoTracking().SingleAsync(u => u.Id == upload.Id && u.CompanyId == upload.CompanyId, ct);
        await events.AppendAsync(db, upload.CompanyId, EventTypes.UploadCompleted, upload.Id, JsonSerializer.Serialize(completed.ToObject(), ContractJson.Options), ct);
        await transaction.CommitAsync(ct);
        await nudge.SendAsync(upload.CompanyId);
        await jobs.SendAsync(work[0].Kind, work[0].Id);

        return true;
    }

    /// <returns>Null when no call has finalized the session, or the video was deleted since.</returns>
    public async Task<VideoObject?> FindAsync(UploadSession upload, CancellationToken ct)
    {
        var videoId = await db.Uploads.Where(u => u.Id == upload.Id && u.CompanyId == upload.CompanyId).Select(u => u.VideoId).SingleOrDefaultAsync(ct);
        return videoId is null ? null : await videos.ShownAsync(db, upload.CompanyId, videoId, ct);
    }
}
