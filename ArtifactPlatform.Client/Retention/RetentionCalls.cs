using ArtifactPlatform.Client.Retention;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    public Task<RetentionObject> GetRetentionAsync(CancellationToken ct) => GetAsync<RetentionObject>("settings/retention", ct);

    /// <summary>Changes how long things are kept. What is too old then goes within minutes.</summary>
    public Task<RetentionObject> PatchRetentionAsync(PatchRetentionRequest request, CancellationToken ct) =>
        SendAsync<RetentionObject>(HttpMethod.Patch, "settings/retention", request, ct);
}
