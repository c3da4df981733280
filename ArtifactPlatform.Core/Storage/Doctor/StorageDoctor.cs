using ArtifactPlatform.Client.Storage;
using ArtifactPlatform.Core.Health;

namespace ArtifactPlatform.Core.Storage.Doctor;

/// <summary>
/// Tries everything that the platform needs of its object store, below a prefix of its own, and says for each failure what to change.
/// Changes no configuration and leaves nothing behind; what a process that died in between has left is removed by the reconciler.
/// </summary>
public sealed class StorageDoctor(ObjectStore store, IHttpClientFactory http, TimeProvider clock) : IDisposable
{
    /// <summary>For one check: 5 MiB at 5 Mbit/s; a store that takes longer can't be worked with either.</summary>
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(10);

    /// <summary>For all of them together, below what a request may take; the rest is for cleaning up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan CleanUpTimeout = TimeSpan.FromSeconds(8);

    /// <summary>One at a time in a process: each moves 10 MiB.</summary>
    private readonly SemaphoreSlim turn = new(1);

    public async Task<StorageReport> ExamineAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            var prefix = $"{ObjectKeys.DoctorRoot}{Guid.NewGuid():N}/";
            var results = new List<StorageCheck>();
            try
            {
                using var patience = new CancellationTokenSource(Patience, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
                foreach (var check in Checks(prefix))
                {
                    results.Add(await RunAsync(check, results, either.Token));
                    ct.ThrowIfCancellationRequested();
                }
            }
            finally
            {
                // Whoever asked may be gone; what was written must go nonetheless.
                using var cleanUp = new CancellationTokenSource(CleanUpTimeout, clock);
                results.Add(await CleanUpAsync(prefix, results, cleanUp.Token));
            }

            var ok = results.All(r => r.Status == StorageCheckStatus.Passed);
            return new StorageReport(ok, store.Options.Address.Endpoint.ToString(), store.PublicEndpoint.ToString(), store.Bucket, results);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private IEnumerable<Check> Checks(string prefix)
    {
        var own = new StoreChecks(store, prefix);
        var outside = new PublicChecks(store, http, prefix);
        var bucket = new BucketChecks(store, http, clock);
        return
        [
            new("put", Needs: null, "s3:PutObject and s3:GetObject", own.PutAsync),
            new("multipart", "put", "s3:PutObject and s3:ListMultipartUploadParts", own.MultipartAsync),
            new("double_complete", "multipart", "s3:PutObject", own.DoubleCompleteAsync),
            new("upload_part_copy", "multipart", "s3:PutObject and s3:GetObject", own.UploadPartCopyAsync),
            new("checksum", "put", "s3:PutObject", own.ChecksumAsync),
            new("presigned_put", "put", "s3:PutObject", outside.PresignedPutAsync),
            new("cors", "presigned_put", "s3:PutObject", outside.CorsAsync),
            new("clock_skew", Needs: null, "nothing", bucket.ClockSkewAsync),
            new("lifecycle", "put", "s3:GetLifecycleConfiguration", bucket.LifecycleAsync),
        ];
    }

    private async Task<StorageCheck> RunAsync(Check check, IEnumerable<StorageCheck> before, CancellationToken ct)
    {
        if (check.Needs is { } needed && before.Any(r => r.Name == needed && r.Status != StorageCheckStatus.Passed))
        {
            return Skipped(check.Name, needed);
        }

        using var timeout = new CancellationTokenSource(CheckTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            return new(check.Name, StorageCheckStatus.Passed, await check.RunAsync(either.Token), Advice: null);
        }
        catch (Exception e) when (e is CheckFailedException or IOException or OperationCanceledException || Outage.Of(e) is not null)
        {
            var failure = ExplainFailure.Of(e, store.Options, check.Permission);
            return new(check.Name, StorageCheckStatus.Failed, failure.Message, failure.Advice);
        }
    }

    /// <summary>Done whatever came before: a put that failed may still have written. A store that takes no put then says nothing new here.</summary>
    private async Task<StorageCheck> CleanUpAsync(string prefix, IReadOnlyList<StorageCheck> before, CancellationToken ct)
    {
        var delete = await RunAsync(new("delete", Needs: null, "s3:DeleteObject, s3:ListBucket and s3:AbortMultipartUpload", token => DeleteAsync(prefix, token)), before, ct);
        return before is [{ Name: "put", Status: StorageCheckStatus.Failed }, ..] && delete.Status == StorageCheckStatus.Failed ? Skipped(delete.Name, "put") : delete;
    }

    private static StorageCheck Skipped(string name, string needed) => new(name, StorageCheckStatus.Skipped, $"Not tried: it builds on {needed}.", Advice: null);

    private async Task<string> DeleteAsync(string prefix, CancellationToken ct)
    {
        await store.DeleteBelowAsync(prefix, exceptKey: null, ct);
        await foreach (var key in store.ListAsync(prefix, ct))
        {
            throw new CheckFailedException($"{key} is still there after it was deleted.", "Deleted artifacts would stay. Switch off versioning, object lock or a retention rule of the bucket.");
        }

        return "Everything that the checks wrote was removed.";
    }

    /// <param name="Needs">The check without which this one can't be tried.</param>
    /// <param name="Permission">What the store must allow for it.</param>
    private sealed record Check(string Name, string? Needs, string Permission, Func<CancellationToken, Task<string>> RunAsync);
}
