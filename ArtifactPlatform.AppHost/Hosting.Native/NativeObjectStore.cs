using Minio;
using Minio.DataModel.Args;

namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>The endpoint of an S3 store that runs as plain processes on 127.0.0.1: MinIO's server or Ceph's gateway.</summary>
internal sealed class NativeObjectStoreResource(string name, string program, string folder) : ExecutableResource(name, program, folder);

internal static class NativeObjectStoreExtensions
{
    private const string HealthBucket = "platform-health";

    /// <summary>Adds MinIO where the machine has it, else Ceph, which Debian has.</summary>
    public static IResourceBuilder<NativeObjectStoreResource> AddNativeObjectStore(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string folder, IResourceBuilder<ParameterResource> accessKey, IResourceBuilder<ParameterResource> secretKey, PortBlock ports)
    {
        var port = ports.Next();
        var store = Programs.OnPath("minio") is { } minio
            ? builder.AddResource(new NativeObjectStoreResource(name, minio, folder))
                .WithArgs("server", folder, "--address", $"127.0.0.1:{port}")
                // Its console would listen on every address.
                .WithEnvironment("MINIO_BROWSER", "off")
                .WithEnvironment("MINIO_ROOT_USER", accessKey)
                .WithEnvironment("MINIO_ROOT_PASSWORD", secretKey)
            : builder.AddCeph(name, folder, port, accessKey.Resource, secretKey.Resource, ports);
        return store
            .WithHttpEndpoint(port: port, name: "http", isProxied: false)
            .WithWriteCheck(accessKey, secretKey)
            .WithIconName("CloudDatabase");
    }

    /// <summary>Healthy means that a signed PUT succeeds: an anonymous GET is answered long before the store can write.</summary>
    public static IResourceBuilder<T> WithWriteCheck<T>(this IResourceBuilder<T> store, IResourceBuilder<ParameterResource> accessKey, IResourceBuilder<ParameterResource> secretKey)
        where T : IResourceWithEndpoints => store.WithProbe(async ct =>
        {
            var (access, secret) = (await accessKey.Resource.GetValueAsync(ct), await secretKey.Resource.GetValueAsync(ct));
            using var client = new MinioClient().WithEndpoint("127.0.0.1", store.GetEndpoint("http").Port).WithCredentials(access, secret).Build();
            if (!await client.BucketExistsAsync(new BucketExistsArgs().WithBucket(HealthBucket), ct))
            {
                await client.MakeBucketAsync(new MakeBucketArgs().WithBucket(HealthBucket), ct);
            }

            using var content = new MemoryStream("healthy"u8.ToArray());
            await client.PutObjectAsync(new PutObjectArgs().WithBucket(HealthBucket).WithObject("healthy").WithStreamData(content).WithObjectSize(content.Length), ct);
        });
}
