using System.Net.Sockets;
using ArtifactPlatform.NativeHosting.Running;

namespace ArtifactPlatform.NativeHosting.Stores;

/// <summary>What the S3 stores share: the key that the graph gives the MinIO container, and the probe.</summary>
internal abstract class S3Store(ContainerResource store, EngineContext engine) : ResourceDriver(store, engine)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    protected static EndpointReference Endpoint(ContainerResource store) => new(store, "http");

    protected async Task<(string AccessKey, string SecretKey)> KeyAsync(CancellationToken ct)
    {
        var values = store.Environment.ToLookup(variable => variable.Key, variable => variable.Value);
        var access = await values["MINIO_ROOT_USER"].Last().GetValueAsync(ct);
        var secret = await values["MINIO_ROOT_PASSWORD"].Last().GetValueAsync(ct);
        return (access ?? "", secret ?? "");
    }

    /// <summary>Called when the store answers and refuses the key.</summary>
    protected virtual Task AcceptKeyAsync(string accessKey, string secretKey, CancellationToken ct) =>
        throw new CannotStartException($"{store.Name} refuses the key that it was started with");

    protected override async Task WaitUntilHealthyAsync(CancellationToken ct)
    {
        var endpoint = Endpoint(store);
        await WaitUntil.TrueAsync($"{store.Name} did not listen", token => ListensAsync(endpoint.Port, token), Limit, Engine.Time, ct);
        var (accessKey, secretKey) = await KeyAsync(ct);
        using var probe = new S3Probe(endpoint.Url, accessKey, secretKey);
        if (await probe.AskAsync(ct) is S3Health.KeyRefused)
        {
            await AcceptKeyAsync(accessKey, secretKey, ct);
        }

        await WaitUntil.TrueAsync(
            $"{store.Name} did not accept a signed PUT",
            async token => await probe.AskAsync(token) is S3Health.Healthy,
            Limit,
            Engine.Time,
            ct);
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken ct)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
