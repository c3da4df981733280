using ArtifactPlatform.NativeHosting.Processes;
using ArtifactPlatform.NativeHosting.Running;

namespace ArtifactPlatform.NativeHosting.Stores;

/// <summary>MinIO's own server, where the machine has it.</summary>
internal sealed class MinioDriver(ContainerResource store, string program, EngineContext engine) : S3Store(store, engine)
{
    private readonly ContainerResource _store = store;

    public override async Task StartAsync(CancellationToken ct)
    {
        var (accessKey, secretKey) = await KeyAsync(ct);
        var console = new EndpointReference(_store, "console");
        var spec = new ProcessSpec(
            _store.Name,
            program,
            ["server", Engine.Data.Sub(_store.Name), "--address", $"127.0.0.1:{Endpoint(_store).Port}", "--console-address", $"127.0.0.1:{console.Port}"])
        {
            Environment = new Dictionary<string, string?> { ["MINIO_ROOT_USER"] = accessKey, ["MINIO_ROOT_PASSWORD"] = secretKey },
        };
        await SuperviseAsync(spec, ct);
        await WaitUntilHealthyAsync(ct);
    }
}
