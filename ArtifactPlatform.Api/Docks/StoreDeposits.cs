using System.Collections.Concurrent;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Docks;

/// <summary>What became of one announced file: an artifact, new or one that the dock had; or why it is refused.</summary>
internal sealed record DepositResult(DockArtifactObject? Artifact, Failure? Failure);

/// <summary>Takes announced files into a dock: all that can be taken in one transaction, so that an outage leaves none or all.</summary>
internal sealed class StoreDeposits(PlatformDb db, ObjectStore store, Quota quota, IOptions<IngestOptions> options, TimeProvider clock)
{
    /// <summary>Looks at the store at once, for a batch of the contract's hundred.</summary>
    private const int LooksInFlight = 8;

    /// <returns>One result for each request, in their order; null when there is no such dock in the company.</returns>
    public async Task<IReadOnlyList<DepositResult>?> StoreAsync(Caller caller, string dockId, IReadOnlyList<CreateDockArtifactRequest> requests, CancellationToken ct)
    {
        // Before the transaction, which waits for no store.
        var known = await FindKnownAsync(caller.CompanyId, dockId, requests, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Shared with other deposits; a dock can't be deleted meanwhile.
        var dock = await db.Docks.FromSql($"select * from docks where id = {dockId} and company_id = {caller.CompanyId} for share").AsNoTracking().SingleOrDefaultAsync(ct);
        if (dock is null)
        {
            return null;
        }

        var maxBytes = Math.Min(dock.MaxSizeBytes, options.Value.MaxSizeBytes);
        var results = new List<DepositResult>();
        foreach (var request in requests)
        {
            results.Add(await StoreAsync(caller, dock, request, known, maxBytes, ct));
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return results;
    }

    /// <summary>
    /// Completed artifacts of this dock by the hashes that are claimed. What other docks have, and what is not verified yet, counts for
    /// nothing; nor does content whose object was lost or replaced in the store: it is to come anew.
    /// </summary>
    private async Task<Dictionary<string, DockArtifact>> FindKnownAsync(string companyId, string dockId, IReadOnlyList<CreateDockArtifactRequest> requests, CancellationToken ct)
    {
        var hashes = requests.Select(r => ContentHash.Normalize(r.Hash)).OfType<string>().Distinct().ToList();
        if (hashes.Count == 0)
        {
            return [];
        }

        var found = await db.DockArtifacts.AsNoTracking()
            .Where(a => a.DockId == dockId && a.CompanyId == companyId && a.Status == ArtifactStatus.UploadCompleted && !a.IsDuplicate && a.Hash != null && hashes.Contains(a.Hash))
            .ToListAsync(ct);
        var intact = new ConcurrentDictionary<string, DockArtifact>();
        await Parallel.ForEachAsync(found, new ParallelOptions { MaxDegreeOfParallelism = LooksInFlight, CancellationToken = ct }, async (artifact, token) =>
        {
            if (await DockContent.IsIntactAsync(store, artifact, token))
            {
                intact[artifact.Hash ?? ""] = artifact;
            }
        });
        return new Dictionary<string, DockArtifact>(intact);
    }

    private async Task<DepositResult> StoreAsync(
        Caller caller, Dock dock, CreateDockArtifactRequest request, Dictionary<string, DockArtifact> known, long maxBytes, CancellationToken ct)
    {
        if (request.Size > maxBytes)
        {
            return new DepositResult(null, Error.DepositTooLarge(maxBytes).Failure);
        }

        var (metadata, error) = MetadataRules.Check(request.Metadata);
        if (error is not null)
        {
            return new DepositResult(null, error.Failure);
        }

        // A size that is not the known content's belongs to other bytes, or to a mistake: what comes is held against both claims.
        if (ContentHash.Normalize(request.Hash) is { } hash && known.TryGetValue(hash, out var present) && (request.Size ?? present.SizeBytes) == present.SizeBytes)
        {
            return new DepositResult(present.ToObject() with { IsDuplicate = true }, null);
        }

        var artifact = new DockArtifact(caller.CompanyId, dock.Id, caller.UserId, caller.Machine?.ClientId, request, metadata, clock.GetUtcNow());
        try
        {
            await quota.ReserveAsync(db, UsageKind.StoredBytes, caller.CompanyId, artifact.Id, request.Size ?? 0, ct);
        }
        catch (QuotaExceededException e)
        {
            return new DepositResult(null, Error.QuotaExceeded(e));
        }

        db.Add(artifact);
        return new DepositResult(artifact.ToObject() with { UploadUrl = store.PresignPut(ObjectKeys.Incoming(artifact.Id), IngestLimits.UploadUrlLifetime) }, null);
    }
}
