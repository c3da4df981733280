using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Client.Videos;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>Opens an upload session.</summary>
    public Task<UploadObject> CreateUploadSessionAsync(CreateUploadRequest request, CancellationToken ct) => SendAsync<UploadObject>(HttpMethod.Post, "uploads", request, ct);

    /// <summary>The session, what the store has of it, and fresh URLs for what it lacks.</summary>
    public Task<UploadObject> GetUploadSessionAsync(string id, CancellationToken ct) => GetAsync<UploadObject>($"uploads/{Uri.EscapeDataString(id)}", ct);

    public Task<SignedParts> SignPartsAsync(string id, SignPartsRequest request, CancellationToken ct) => SendAsync<SignedParts>(HttpMethod.Post, $"uploads/{Uri.EscapeDataString(id)}/parts", request, ct);

    /// <summary>Makes the uploaded file a video. Doing it again returns the same video.</summary>
    public Task<VideoObject> FinalizeUploadAsync(string id, FinalizeUploadRequest request, CancellationToken ct) =>
        SendAsync<VideoObject>(HttpMethod.Post, $"uploads/{Uri.EscapeDataString(id)}/finalize", request, ct);

    /// <summary>Aborts the session and removes its parts.</summary>
    public async Task AbortUploadAsync(string id, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"uploads/{Uri.EscapeDataString(id)}", body: null, ct);
    }
}
