using System.Linq.Expressions;
using System.Text.Json;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace ArtifactPlatform.Core.Videos;

/// <summary>
/// The only way to change a video's state: compare-and-set and the event in one transaction, then the nudge. What else must happen
/// in that transaction goes along as a delegate.
/// </summary>
public sealed class VideoLog(IDbContextFactory<PlatformDb> databases, EventLog events, EventNudge nudge, PlaybackUrls urls, Quota quota)
{
    /// <summary>Stores a new video with its first playback id, in the caller's transaction; the event goes last.</summary>
    public async Task<VideoObject> AddAsync(PlatformDb db, Video video, PlaybackPolicy policy, CancellationToken ct)
    {
        db.Add(video);
        db.Add(new VideoPlaybackId(video.CompanyId, video.Id, policy, video.CreatedAt));
        await db.SaveChangesAsync(ct);
        return await AppendAsync(db, video.CompanyId, video.Id, EventTypes.VideoCreated, ct)
            ?? throw new InvalidOperationException($"Video {video.Id} is not visible in its own transaction.");
    }

    /// <summary>Changes the video if it still fulfils <paramref name="expected"/>.</summary>
    /// <param name="companyId">Stands in the WHERE clause, like the id.</param>
    /// <param name="eventType">The event to write; null for a change that is nobody's business (a title).</param>
    /// <param name="alongside">Runs in the same transaction before the event is written.</param>
    /// <returns>The video after the change; null when it did not fulfil <paramref name="expected"/> and nothing was changed.</returns>
    public async Task<VideoObject?> ChangeAsync(
        string companyId,
        string videoId,
        Expression<Func<Video, bool>> expected,
        Action<UpdateSettersBuilder<Video>> change,
        string? eventType,
        CancellationToken ct,
        Func<PlatformDb, CancellationToken, Task>? alongside = null)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Videos.Where(v => v.Id == videoId && v.CompanyId == companyId).Where(expected).ExecuteUpdateAsync(change, ct) == 0)
        {
            return null;
        }

        if (alongside is not null)
        {
            await alongside(db, ct);
            await db.SaveChangesAsync(ct);
        }

        var shown = eventType is null ? await ShownAsync(db, companyId, videoId, ct) : await AppendAsync(db, companyId, videoId, eventType, ct);
        await transaction.CommitAsync(ct);
        if (eventType is not null)
        {
            await nudge.SendAsync(companyId);
        }

        return shown;
    }

    /// <summary>Removes the row and writes <c>video.deleted</c>. The stored objects are the caller's to remove.</summary>
    /// <param name="alongside">Runs in the same transaction, when the row is gone and before the event is written.</param>
    /// <returns>False when there is no such video in the company.</returns>
    public async Task<bool> DeleteAsync(string companyId, string videoId, Func<PlatformDb, CancellationToken, Task> alongside, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var shown = await ShownAsync(db, companyId, videoId, ct);
        var run = await db.Videos.Where(v => v.Id == videoId && v.CompanyId == companyId).Select(v => v.Run).SingleOrDefaultAsync(ct);
        if (shown is null || await db.Videos.Where(v => v.Id == videoId && v.CompanyId == companyId).ExecuteDeleteAsync(ct) == 0)
        {
            return false;
        }

        await quota.ReleaseAsync(db, UsageKind.EncodeTime, companyId, Video.RunId(videoId, run), ct);
        await alongside(db, ct);
        await db.SaveChangesAsync(ct);
        await events.AppendAsync(db, companyId, EventTypes.VideoDeleted, videoId, JsonSerializer.Serialize(shown, ContractJson.Options), ct);
        await transaction.CommitAsync(ct);
        await nudge.SendAsync(companyId);
        return true;
    }

    /// <summary>Writes an event with the video as it is, in the caller's transaction.</summary>
    public async Task<VideoObject?> AppendAsync(PlatformDb db, string companyId, string videoId, string eventType, CancellationToken ct)
    {
        var shown = await ShownAsync(db, companyId, videoId, ct);
        await events.AppendAsync(db, companyId, eventType, videoId, JsonSerializer.Serialize(shown, ContractJson.Options), ct);
        return shown;
    }

    /// <summary>The video as the contract shows it; null when there is none in the company.</summary>
    public async Task<VideoObject?> ShownAsync(PlatformDb db, string companyId, string videoId, CancellationToken ct) =>
        (await ShowAsync(db, db.Videos.Where(v => v.Id == videoId && v.CompanyId == companyId), ct)).SingleOrDefault();

    /// <summary>Each of <paramref name="videos"/> as the contract shows it, in their order. Three queries, however many.</summary>
    public async Task<List<VideoObject>> ShowAsync(PlatformDb db, IQueryable<Video> videos, CancellationToken ct)
    {
        var found = await videos.AsNoTracking()
            .Select(v => new { Video = v, User = db.Users.Where(u => u.Id == v.UserId).Select(u => u.Name).SingleOrDefault() })
            .ToListAsync(ct);
        var ids = found.ConvertAll(f => f.Video.Id);
        var playbackIds = (await db.PlaybackIds.AsNoTracking().Where(p => ids.Contains(p.VideoId)).OrderBy(p => p.Id).ToListAsync(ct)).ToLookup(p => p.VideoId);
        var captions = (await db.Captions.AsNoTracking().Where(c => ids.Contains(c.VideoId)).OrderBy(c => c.Id).ToListAsync(ct)).ToLookup(c => c.VideoId);
        return found.ConvertAll(f => ShowVideo.ToObject(f.Video, f.User, [.. playbackIds[f.Video.Id]], [.. captions[f.Video.Id]], urls));
    }
}
