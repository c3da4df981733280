using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Aspire.Hosting.ApplicationModel;

namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>The endpoint of an S3 store that runs as plain processes on 127.0.0.1: MinIO's server or Ceph's gateway.</summary>
internal sealed class NativeObjectStoreResource(string name, string program, string folder) : ExecutableResource(name, program, folder);

internal static class NativeObjectStoreExtensions
{
    private static readonly PutObjectRequest HealthPut = new() { BucketName = "platform-health", Key = "healthy", ContentBody = "healthy" };

    /// <summary>Adds MinIO where the machine has it, else Ceph, which Debian has. Healthy means that a signed PUT succeeds: an anonymous GET is answered long before the store can write.</summary>
    public static IResourceBuilder<NativeObjectStoreResource> AddNativeObjectStore(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string folder, IResourceBuilder<ParameterResource> accessKey, IResourceBuilder<ParameterResource> secretKey, PortBlock ports)
    {
        var port = ports.Next();
        var store = Programs.OnPath("minio") is { } minio
            ? builder.AddResource(new NativeObjectStoreResource(name, minio, folder))
                .WithArgs("server", folder, "--address", $"127.0.0.1:{port}")
                .WithEnvironment("MINIO_ROOT_USER", accessKey)
                .WithEnvironment("MINIO_ROOT_PASSWORD", secretKey)
            : builder.AddCeph(name, folder, port, accessKey.Resource, secretKey.Resource, ports);
        return store
            .WithHttpEndpoint(port: port, name: "http", isProxied: false)
            .WithProbe(async ct => await PutAsync($"http://127.0.0.1:{port}", new BasicAWSCredentials(await accessKey.Resource.GetValueAsync(ct), await secretKey.Resource.GetValueAsync(ct)), ct))
            .WithIconName("CloudDatabase");
    }

    private static async Task PutAsync(string url, AWSCredentials credentials, CancellationToken ct)
    {
        using var s3 = new AmazonS3Client(credentials, new AmazonS3Config
        {
            ServiceURL = url,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            MaxErrorRetry = 0,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
        try
        {
            await s3.PutObjectAsync(HealthPut, ct);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound)
        {
            await s3.PutBucketAsync(HealthPut.BucketName, ct);
            await s3.PutObjectAsync(HealthPut, ct);
        }
    }
}
