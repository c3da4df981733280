using Amazon.Runtime;
using Amazon.S3;
using ArtifactPlatform.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Tests.Storage;

/// <summary>A bucket of a test's own in the platform's store, set up as the platform sets its own up.</summary>
public sealed class OwnBucket : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddHttpClient().BuildServiceProvider();

    private OwnBucket(StoreAddress address, IReadOnlyList<string> origins)
    {
        Options = new StorageOptions { Bucket = $"test-{Guid.NewGuid():N}"[..24], Address = address, CorsOrigins = origins };
        S3 = new(new BasicAWSCredentials(address.AccessKey, address.SecretKey), new AmazonS3Config { ServiceURL = address.Endpoint.ToString(), ForcePathStyle = true, UseHttp = true, AuthenticationRegion = "us-east-1" });
    }

    public StorageOptions Options { get; }

    public AmazonS3Client S3 { get; }

    public IHttpClientFactory Http => services.GetRequiredService<IHttpClientFactory>();

    /// <param name="origins">That may PUT; any when left out.</param>
    public static async Task<OwnBucket> CreateAsync(Platform platform, IReadOnlyList<string>? origins = null)
    {
        var bucket = new OwnBucket(platform.StoreAddress, origins ?? []);
        using var store = Open(bucket.Options);
        await new BucketSetup(store, new BucketNotifications(store, bucket.Http, TimeProvider.System), NullLogger<BucketSetup>.Instance).EnsureAsync(TestContext.Current.CancellationToken);
        return bucket;
    }

    public static ObjectStore Open(StorageOptions options) => new(Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System);

    public void Dispose()
    {
        S3.Dispose();
        services.Dispose();
    }
}
