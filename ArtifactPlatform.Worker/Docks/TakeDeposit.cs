using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Worker.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Docks;

/// <summary>
/// Takes in what was uploaded to a dock: copies it to where no URL can write, reads it there, and holds it against what was claimed.
/// Content that the dock has already leads to the object that is there, and the copy goes.
/// </summary>
public sealed partial class TakeDeposit(
    IDbContextFactory<PlatformDb> databases, ObjectStore store, ObjectCopier copier, ReadDeposit read, SettleDeposit settle, Quota quota, IOptions<IngestOptions> options, TimeProvider clock,
    ILogger<TakeDeposit> logger) : JobHandler
{
    /// <summary>For clearing up behind a commit, when the process itself may be stopping.</summary>
    private static readonly TimeSpan CleanUpTimeout = TimeSpan.FromSeconds(10);

    public override string Kind => JobKinds.TakeDeposit;

    public override async Task<JobOutcome> HandleAsync(Job job, CancellationToken ct)
    {
        if (await StartAsync(job, ct) is not var (deposit, maxBytes))
        {
            return new JobOutcome.Done();
        }

        try
        {
            if (await store.HeadAsync(ObjectKeys.Incoming(deposit.Id), ct) is not { } found)
            {
                return new JobOutcome.Dead("upload_missing", "The uploaded file is not there (any more). Create a new artifact and upload the file to its URL.");
            }

            if (Check(deposit, found, maxBytes) is { } refused)
            {
                return refused;
            }

            await ReserveAsync(deposit, found.SizeBytes, ct);
            // Only now is it settled which bytes are meant: the URL can be used again while it lives.
            var etag = await CopyAsync(deposit, found, ct);
            var facts = await read.RunAsync(deposit.S3Key, deposit.Filename, ct);
            if (deposit.ClaimedHash is { } claimed && claimed != facts.Hash)
            {
                return new JobOutcome.Dead("hash_mismatch", $"The file has the hash {facts.Hash}, not {claimed} as was said. Check the file and the hash, and create the artifact anew.");
            }

            await CleanUpAsync(deposit, await settle.RunAsync(deposit, facts, etag, ct));
            return new JobOutcome.Done();
        }
        catch (QuotaExceededException e)
        {
            return new JobOutcome.Dead(QuotaExceededException.Code, e.Message);
        }
        catch (SourceChangedException)
        {
            return new JobOutcome.Retry("source_changed", "The file was uploaded anew while it was taken in. Send it once, and leave it alone until the artifact is completed.");
        }
        catch (OperationCanceledException)
        {
            await ForgetIfDeletedAsync(deposit);
            throw;
        }
    }

    /// <summary>What was refused is not kept: neither the copy nor what was uploaded.</summary>
    public override async Task BuryAsync(Job job, string code, string reason, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(job);
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var mine = db.DockArtifacts.Where(a => a.Id == job.SubjectId && a.CompanyId == job.CompanyId);
        var failed = await mine
            .Where(a => a.Status == ArtifactStatus.Created || a.Status == ArtifactStatus.UploadStarted)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(a => a.Status, ArtifactStatus.UploadFailed)
                    .SetProperty(a => a.ErrorCode, code)
                    .SetProperty(a => a.ErrorMessage, reason)
                    .SetProperty(a => a.UpdatedAt, now),
                ct);
        if (failed == 1)
        {
            await quota.ReleaseAsync(db, UsageKind.StoredBytes, job.CompanyId, job.SubjectId, ct);
        }

        await transaction.CommitAsync(ct);
        // A run that ended well and died before it could say so has left a completed artifact.
        if (!await mine.AnyAsync(a => a.Status == ArtifactStatus.UploadCompleted, ct))
        {
            await store.DeleteBelowAsync(ObjectKeys.DepositPrefix(job.SubjectId), exceptKey: null, ct);
            await store.DeleteAsync(ObjectKeys.Incoming(job.SubjectId), ct);
        }
    }

    /// <summary>Moves the artifact to <c>upload_started</c>; one that another worker had begun starts over under a new attempt and key.</summary>
    /// <returns>The artifact and the most bytes it may have; null when there is nothing to do: it is gone, or has ended.</returns>
    private async Task<(DockArtifact Deposit, long MaxBytes)?> StartAsync(Job job, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var mine = db.DockArtifacts.AsNoTracking().Where(a => a.Id == job.SubjectId && a.CompanyId == job.CompanyId);
        var found = await mine.SingleOrDefaultAsync(ct);
        if (found is not { Status: ArtifactStatus.Created or ArtifactStatus.UploadStarted })
        {
            return null;
        }

        var attempt = found.Status == ArtifactStatus.Created ? found.Attempt : found.Attempt + 1;
        var key = found.KeyOfAttempt(attempt);
        var now = clock.GetUtcNow();
        var started = await db.DockArtifacts
            .Where(a => a.Id == found.Id && a.CompanyId == found.CompanyId && a.Status == found.Status && a.Attempt == found.Attempt)
            .ExecuteUpdateAsync(
                set => set.SetProperty(a => a.Status, ArtifactStatus.UploadStarted).SetProperty(a => a.Attempt, attempt).SetProperty(a => a.S3Key, key).SetProperty(a => a.UpdatedAt, now),
                ct);
        if (started == 0)
        {
            return null;
        }

        var limit = await db.Docks.Where(d => d.Id == found.DockId && d.CompanyId == found.CompanyId).Select(d => d.MaxSizeBytes).SingleAsync(ct);
        return await mine.SingleOrDefaultAsync(ct) is { } deposit ? (deposit, Math.Min(limit, options.Value.MaxSizeBytes)) : null;
    }

    /// <summary>What can be told without reading the bytes.</summary>
    private static JobOutcome.Dead? Check(DockArtifact deposit, StoredObject found, long maxBytes)
    {
        if (found.SizeBytes > maxBytes)
        {
            return new JobOutcome.Dead("file_too_large", $"The file has {Bytes(found.SizeBytes)}; the dock takes at most {maxBytes}. Send a smaller file, or have the dock's limit raised.");
        }

        return deposit.ClaimedSizeBytes is { } claimed && claimed != found.SizeBytes
            ? new JobOutcome.Dead("size_mismatch", $"The file has {Bytes(found.SizeBytes)}, not {claimed} as was said. Check the file and the size, and create the artifact anew.")
            : null;
    }

    private static string Bytes(long count) => count == 1 ? "1 byte" : $"{count} bytes";

    /// <summary>What does not fit is refused before a byte is moved. The row is locked, so that nothing is put aside for one that is being deleted.</summary>
    private async Task ReserveAsync(DockArtifact deposit, long sizeBytes, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var mine = await db.DockArtifacts
            .FromSql($"select * from dock_artifacts where id = {deposit.Id} and company_id = {deposit.CompanyId} and attempt = {deposit.Attempt} for update")
            .AsNoTracking()
            .AnyAsync(a => a.Status == ArtifactStatus.UploadStarted, ct);
        if (mine)
        {
            await quota.ReserveAsync(db, UsageKind.StoredBytes, deposit.CompanyId, deposit.Id, sizeBytes, ct);
        }

        await transaction.CommitAsync(ct);
    }

    /// <returns>The copy's ETag.</returns>
    private async Task<string> CopyAsync(DockArtifact deposit, StoredObject found, CancellationToken ct)
    {
        await copier.CopyAsync(store.Bucket, ObjectKeys.Incoming(deposit.Id), found, deposit.S3Key, _ => { }, ct);
        return (await store.HeadAsync(deposit.S3Key, ct))?.ETag ?? throw new SourceChangedException();
    }

    /// <summary>
    /// Removes what earlier attempts left, the copy of content that the dock had, what stands where its content was lost, and the upload; a
    /// run that came too late removes its own copy alone. What fails here is only waste, and goes with the artifact or by the bucket's lifecycle.
    /// </summary>
    private async Task CleanUpAsync(DockArtifact deposit, SettledDeposit? settled)
    {
        using var timeout = new CancellationTokenSource(CleanUpTimeout, clock);
        try
        {
            if (settled is null)
            {
                await store.DeleteAsync(deposit.S3Key, timeout.Token);
                return;
            }

            if (settled.Key != deposit.S3Key || deposit.Attempt > 1)
            {
                await store.DeleteBelowAsync(ObjectKeys.DepositPrefix(deposit.Id), settled.Key, timeout.Token);
            }

            if (settled.DamagedKey is { } damaged)
            {
                await store.DeleteAsync(damaged, timeout.Token);
            }

            await store.DeleteAsync(ObjectKeys.Incoming(deposit.Id), timeout.Token);
        }
        catch (Exception e)
        {
            LogNotCleanedUp(logger, e, deposit.Id);
        }
    }

    /// <summary>Deleting an artifact removes its objects, but a copy that was under way may end after that.</summary>
    private async Task ForgetIfDeletedAsync(DockArtifact deposit)
    {
        using var timeout = new CancellationTokenSource(CleanUpTimeout, clock);
        try
        {
            await using var db = await databases.CreateDbContextAsync(timeout.Token);
            if (!await db.DockArtifacts.AnyAsync(a => a.Id == deposit.Id, timeout.Token))
            {
                await store.DeleteAsync(deposit.S3Key, timeout.Token);
            }
        }
        catch (Exception e)
        {
            LogNotCleanedUp(logger, e, deposit.Id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Left-over objects of dock artifact {DockArtifactId} were not removed")]
    private static partial void LogNotCleanedUp(ILogger logger, Exception exception, string dockArtifactId);
}
