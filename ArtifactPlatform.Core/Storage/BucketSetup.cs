using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;

namespace ArtifactPlatform.Core.Storage;

/// <summary>Makes the platform's bucket and gives it its rules: CORS, lifecycle, notifications. Doing it again changes nothing.</summary>
public sealed partial class BucketSetup(ObjectStore store, BucketNotifications notifications, ILogger<BucketSetup> logger)
{
    /// <summary>Longer than any upload URL lives and any retry is likely; after that what nobody claimed is waste.</summary>
    private const int UnclaimedDays = 7;

    public async Task EnsureAsync(CancellationToken ct)
    {
        try
        {
            await store.Client.PutBucketAsync(new PutBucketRequest { BucketName = store.Bucket }, ct);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            // It is there. Whether it is ours shows below.
        }

        await OptionalAsync("CORS", () => store.Client.PutCORSConfigurationAsync(new PutCORSConfigurationRequest { BucketName = store.Bucket, Configuration = Cors(store.Options.UploadOrigins) }, ct));
        await OptionalAsync("lifecycle", () => store.Client.PutLifecycleConfigurationAsync(new PutLifecycleConfigurationRequest { BucketName = store.Bucket, Configuration = Lifecycle() }, ct));
        await OptionalAsync("notifications", () => notifications.EnsureAsync(ct));
    }

    /// <summary>What a store lacks here costs comfort, not correctness: sweeps do the same work later.</summary>
    private async Task OptionalAsync(string what, Func<Task> configure)
    {
        try
        {
            await configure();
        }
        catch (Exception e) when (e is AmazonS3Exception or HttpRequestException)
        {
            LogUnsupported(logger, e, what, store.Bucket);
        }
    }

    private static CORSConfiguration Cors(IReadOnlyList<string> origins) => new()
    {
        // Players on any page read media; the first rule that fits counts.
        Rules = [Allow([.. origins], "PUT", "GET", "HEAD"), Allow(["*"], "GET", "HEAD")],
    };

    private static CORSRule Allow(List<string> origins, params List<string> methods) =>
        new() { AllowedOrigins = origins, AllowedMethods = methods, AllowedHeaders = ["*"], ExposeHeaders = ["ETag", "Content-Range", "Content-Length"], MaxAgeSeconds = 3600 };

    private static LifecycleConfiguration Lifecycle() => new()
    {
        Rules =
        [
            Expire("expire-incoming", ObjectKeys.IncomingRoot),
            Expire("expire-temp", ObjectKeys.TempRoot),
            new LifecycleRule
            {
                Id = "abort-multipart",
                Status = LifecycleRuleStatus.Enabled,
                Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = "" } },
                AbortIncompleteMultipartUpload = new LifecycleRuleAbortIncompleteMultipartUpload { DaysAfterInitiation = UnclaimedDays },
            },
        ],
    };

    private static LifecycleRule Expire(string id, string prefix) => new()
    {
        Id = id,
        Status = LifecycleRuleStatus.Enabled,
        Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = prefix } },
        Expiration = new LifecycleRuleExpiration { Days = UnclaimedDays },
    };

    [LoggerMessage(LogLevel.Warning, "The store did not take the {What} configuration of bucket {Bucket}")]
    private static partial void LogUnsupported(ILogger logger, Exception exception, string what, string bucket);
}
