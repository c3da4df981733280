using ArtifactPlatform.Client.Videos;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>Makes a video from a URL or an artifact. It comes back as <c>preparing</c>; the work goes on by itself.</summary>
    public Task<VideoObject> CreateVideoAsync(CreateVideoRequest request, CancellationToken ct) => SendAsync<VideoObject>(HttpMethod.Post, "videos", request, ct);

    public Task<VideoObject> GetVideoAsync(string id, CancellationToken ct) => GetAsync<VideoObject>(VideoPath(id), ct);

    /// <summary>One page, newest first.</summary>
    /// <param name="search">Part of title, description or a tag, in any case of letters.</param>
    public Task<VideoPage> ListVideosAsync(VideoStatus? status, string? search, string? cursor, int? limit, CancellationToken ct) =>
        GetAsync<VideoPage>($"videos{new QueryString().Add("status", status).Add("q", search).Add("cursor", cursor).Add("limit", limit)}", ct);

    public Task<VideoObject> PatchVideoAsync(string id, PatchVideoRequest request, CancellationToken ct) => SendAsync<VideoObject>(HttpMethod.Patch, VideoPath(id), request, ct);

    /// <summary>Removes the video, its renditions, and the file that it was uploaded as.</summary>
    public async Task DeleteVideoAsync(string id, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Delete, VideoPath(id), body: null, ct);
    }

    public Task<VideoObject> ReprocessVideoAsync(string id, CancellationToken ct) => SendAsync<VideoObject>(HttpMethod.Post, $"{VideoPath(id)}/reprocess", body: null, ct);

    public Task<PlaybackId> CreatePlaybackIdAsync(string id, PlaybackPolicy policy, CancellationToken ct) =>
        SendAsync<PlaybackId>(HttpMethod.Post, $"{VideoPath(id)}/playback-ids", new CreatePlaybackIdRequest { Policy = policy }, ct);

    public async Task DeletePlaybackIdAsync(string id, string playbackId, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"{VideoPath(id)}/playback-ids/{Uri.EscapeDataString(playbackId)}", body: null, ct);
    }

    public Task<CaptionObject> CreateCaptionAsync(string id, CreateCaptionRequest request, CancellationToken ct) =>
        SendAsync<CaptionObject>(HttpMethod.Post, $"{VideoPath(id)}/captions", request, ct);

    public async Task DeleteCaptionAsync(string id, string captionId, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"{VideoPath(id)}/captions/{Uri.EscapeDataString(captionId)}", body: null, ct);
    }

    /// <summary>Makes a key that signs playback tokens. Its private half is in this answer and nowhere else.</summary>
    public Task<PlaybackKeyObject> CreatePlaybackKeyAsync(CancellationToken ct) => SendAsync<PlaybackKeyObject>(HttpMethod.Post, "playback-keys", body: null, ct);

    public Task<PlaybackKeyList> ListPlaybackKeysAsync(CancellationToken ct) => GetAsync<PlaybackKeyList>("playback-keys", ct);

    /// <summary>Tokens that it signed stop working at once.</summary>
    public async Task DeletePlaybackKeyAsync(string id, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"playback-keys/{Uri.EscapeDataString(id)}", body: null, ct);
    }

    private static string VideoPath(string id) => $"videos/{Uri.EscapeDataString(id)}";
}
