using System.Text.Json;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace ArtifactPlatform.Core.Artifacts;

/// <summary>
/// The only way to change an artifact's state: compare-and-set and the event in one transaction, then the nudge. What else must
/// happen in that transaction (a job row) goes along as a delegate.
/// </summary>
public sealed class ArtifactLog(IDbContextFactory<PlatformDb> databases, EventLog events, EventNudge nudge, Quota quota)
{
    /// <summary>Stores a new artifact with its event.</summary>
    /// <param name="alongside">Rows to store in the same transaction.</param>
    /// <exception cref="QuotaExceededException">The company may store nothing more.</exception>
    public async Task<ArtifactObject> CreateAsync(Artifact artifact, CancellationToken ct, params IEnumerable<object> alongside)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.AddRange(alongside);
        var shown = await AddAsync(db, artifact, ct);
        await transaction.CommitAsync(ct);
        await nudge.SendAsync(artifact.CompanyId);
        return shown;
    }

    /// <summary>Stores a new artifact with its event in the caller's transaction. How large it is shows later; an upload session has reserved that already.</summary>
    /// <exception cref="QuotaExceededException">The company may store nothing more.</exception>
    public async Task<ArtifactObject> AddAsync(PlatformDb db, Artifact artifact, CancellationToken ct)
    {
        await quota.ReserveAsync(db, UsageKind.StoredBytes, artifact.CompanyId, artifact.Id, amount: 0, ct);
        db.Add(artifact);
        await db.SaveChangesAsync(ct);
        return await AppendAsync(db, artifact.CompanyId, artifact.Id, EventTypes.ArtifactCreated, ct)
            ?? throw new InvalidOperationException($"Artifact {artifact.Id} is not visible in its own transaction.");
    }

    /// <summary>Changes the artifact if it still fulfils <paramref name="expected"/>.</summary>
    /// <param name="companyId">Stands in the WHERE clause, like the id.</param>
    /// <param name="eventType">The event to write; null for a change that is nobody's business (a name).</param>
    /// <param name="alongside">Runs in the same transaction before the event is written.</param>
    /// <returns>The artifact after the change; null when it did not fulfil <paramref name="expected"/> and nothing was changed.</returns>
    public async Task<ArtifactObject?> ChangeAsync(
        string companyId,
        string artifactId,
        System.Linq.Expressions.Expression<Func<Artifact, bool>> expected,
        Action<UpdateSettersBuilder<Artifact>> change,
        string eventType,
        CancellationToken ct,
        Func<PlatformDb, CancellationToken, Task>? alongside = null)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var changed = await db.Artifacts
            .Where(a => a.Id == artifactId && a.CompanyId == companyId)
            .Where(expected)
            .ExecuteUpdateAsync(change, ct);
        if (changed == 0)
        {
            return null;
        }

        if (alongside is not null)
        {
            await alongside(db, ct);
            await db.SaveChangesAsync(ct);
        }

        var shown = await AppendAsync(db, companyId, artifactId, eventType, ct);
        await transaction.CommitAsync(ct);
        await nudge.SendAsync(companyId);
        return shown;
    }

    /// <summary>Removes the row and writes <c>artifact.deleted</c>, in the caller's transaction. The stored objects are the caller's to remove.</summary>
    /// <param name="alongside">Runs when the row is gone and before the event is written, with the artifact as it was.</param>
    /// <returns>False when there is no such artifact in the company, or it does not fulfil <paramref name="expected"/>.</returns>
    public async Task<bool> RemoveAsync(
        PlatformDb db, string companyId, string artifactId, System.Linq.Expressions.Expression<Func<Artifact, bool>> expected, Func<ArtifactObject, Task> alongside, CancellationToken ct)
    {
        var shown = await ShownAsync(db, companyId, artifactId, ct);
        if (shown is null || await db.Artifacts.Where(a => a.Id == artifactId && a.CompanyId == companyId).Where(expected).ExecuteDeleteAsync(ct) == 0)
        {
            return false;
        }

        await alongside(shown);
        await events.AppendAsync(db, companyId, EventTypes.ArtifactDeleted, artifactId, JsonSerializer.Serialize(shown, ContractJson.Options), ct);
        return true;
    }

    /// <summary>The artifact as the contract shows it; null when there is none in the company.</summary>
    public static async Task<ArtifactObject?> ShownAsync(PlatformDb db, string companyId, string artifactId, CancellationToken ct) =>
        (await Show(db, db.Artifacts.Where(a => a.Id == artifactId && a.CompanyId == companyId)).SingleOrDefaultAsync(ct))?.ToObject();

    /// <summary>Adds the names of company and creator to each of <paramref name="artifacts"/>, keeping their order.</summary>
    public static IQueryable<ArtifactWithNames> Show(PlatformDb db, IQueryable<Artifact> artifacts) =>
        from artifact in artifacts.AsNoTracking()
        select new ArtifactWithNames(
            artifact,
            db.Companies.Where(c => c.Id == artifact.CompanyId).Select(c => c.Name).Single(),
            db.Users.Where(u => u.Id == artifact.UserId).Select(u => u.Name).SingleOrDefault());

    /// <summary>Writes an event about the artifact as it is, in the caller's transaction.</summary>
    public async Task<ArtifactObject?> AppendAsync(PlatformDb db, string companyId, string artifactId, string eventType, CancellationToken ct)
    {
        var shown = await ShownAsync(db, companyId, artifactId, ct);
        await events.AppendAsync(db, companyId, eventType, artifactId, JsonSerializer.Serialize(shown, ContractJson.Options), ct);
        return shown;
    }
}

/// <summary>An artifact with the names that its contract form carries.</summary>
public sealed record ArtifactWithNames(Artifact Artifact, string CompanyName, string? UserName)
{
    public ArtifactObject ToObject()
    {
        var a = Artifact;
        return new ArtifactObject
        {
            Id = a.Id,
            Name = a.Name,
            FileName = a.FileName,
            Type = a.Type,
            Status = a.Status,
            UploadMethod = a.UploadMethod,
            Size = a.SizeBytes,
            Duration = a.DurationSeconds,
            ErrorMessage = a.ErrorMessage,
            ErrorCode = a.ErrorCode,
            S3Path = a.S3Key,
            S3Bucket = a.S3Bucket,
            CreatedAt = a.CreatedAt,
            UpdatedAt = a.UpdatedAt,
            ExpiresAt = a.ExpiresAt,
            Company = new NamedRef(a.CompanyId, CompanyName),
            CreatedBy = a.UserId is null ? null : new NamedRef(a.UserId, UserName),
            Progress = a.Progress,
            ContentType = a.ContentType,
            Hash = a.Hash,
            Media = a.Media,
            Timings = Timings(a),
            Fragments = a.Joins,
            Metadata = a.Metadata is null ? null : JsonSerializer.Deserialize<JsonElement>(a.Metadata),
        };
    }

    private static ArtifactTimings Timings(Artifact a)
    {
        var ready = a.UploadedAt ?? a.CreatedAt;
        return new ArtifactTimings
        {
            Queued = Milliseconds(ready, a.StartedAt),
            Fetched = Milliseconds(a.StartedAt, a.FetchedAt),
            Probed = Milliseconds(a.FetchedAt, a.CompletedAt),
            Total = Milliseconds(ready, a.CompletedAt),
        };
    }

    private static long? Milliseconds(DateTimeOffset? from, DateTimeOffset? to) =>
        from is { } start && to is { } end ? Math.Max(0, (long)(end - start).TotalMilliseconds) : null;
}
