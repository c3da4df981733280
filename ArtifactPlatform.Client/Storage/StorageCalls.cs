using ArtifactPlatform.Client.Storage;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>Tries everything that the platform needs of its object store; takes seconds, and leaves nothing behind.</summary>
    public Task<StorageReport> CheckStorageAsync(CancellationToken ct) =>
        SendAsync<StorageReport>(HttpMethod.Post, "storage/doctor", body: null, ct);
}
