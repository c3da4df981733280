using System.Text.Json;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Client.Videos;

namespace ArtifactPlatform.Tests.Videos;

/// <summary>Makes videos of files and waits for what becomes of them.</summary>
internal static class VideoWaits
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Uploads a file through a session and finalizes it.</summary>
    public static async Task<VideoObject> UploadVideoAsync(this TestCompany company, string path, string? mimeType = null, PlaybackPolicy? policy = null)
    {
        var ct = TestContext.Current.CancellationToken;
        var content = await File.ReadAllBytesAsync(path, ct);
        mimeType ??= "video/mp4";
        var upload = await company.Client.CreateUploadSessionAsync(
            new() { Filename = Path.GetFileName(path), MimeType = mimeType, FileSizeBytes = content.Length, Policy = policy }, ct);
        using var store = new HttpClient();
        using var body = new ByteArrayContent(content);
        using var put = await store.PutAsync(upload.Url, body, ct);
        put.EnsureSuccessStatusCode();
        return await company.Client.FinalizeUploadAsync(upload.Id, new FinalizeUploadRequest { MimeType = mimeType, FileSizeBytes = content.Length }, ct);
    }

    public static async Task<VideoObject> ReadyAsync(this TestCompany company, string videoId)
    {
        var video = await company.VideoEndedAsync(videoId);
        Assert.True(video.Status == VideoStatus.Ready, $"{string.Join("; ", video.Errors.SelectMany(e => e.Messages.Prepend(e.Type)))}\n{company.Platform.LogsAbout(videoId)}");
        return video;
    }

    public static async Task<VideoError> ErroredAsync(this TestCompany company, string videoId)
    {
        var video = await company.VideoEndedAsync(videoId);
        Assert.True(video.Status == VideoStatus.Errored, $"It is {video.Status}.\n{company.Platform.LogsAbout(videoId)}");
        return Assert.Single(video.Errors);
    }

    public static Task<VideoObject> VideoEndedAsync(this TestCompany company, string videoId) =>
        company.VideoAsync(videoId, v => v.Status is VideoStatus.Ready or VideoStatus.Errored);

    public static async Task<VideoObject> VideoAsync(this TestCompany company, string videoId, Func<VideoObject, bool> isSo)
    {
        VideoObject? last = null;
        return await Eventually.GetAsync(
            async () => isSo(last = await company.Client.GetVideoAsync(videoId, CancellationToken.None)) ? last : null,
            () => $"video {videoId}; it is {last?.Status} at {last?.Progress} %\n{company.Platform.LogsAbout(videoId)}",
            Patience);
    }

    /// <summary>Follows the video's events, from its first one, to a state that <paramref name="isSo"/>. Unlike a poll it misses no state, however short.</summary>
    public static async Task<VideoObject> VideoEventAsync(this TestCompany company, string videoId, Func<VideoObject, bool> isSo)
    {
        VideoObject? last = null;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            await foreach (var next in company.Client.StreamEventsAsync("evt_000000000000000000000000", timeout.Token))
            {
                if (next.Type.StartsWith("video.", StringComparison.Ordinal) && ToVideo(next) is { } video && video.Id == videoId && isSo(last = video))
                {
                    return video;
                }
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
        }

        throw new TimeoutException($"Waited for an event of video {videoId}; the last one had {last?.Status} at {last?.Progress} %\n{company.Platform.LogsAbout(videoId)}");
    }

    /// <summary>The video as each of its events so far has it, oldest first.</summary>
    public static async Task<List<VideoObject>> VideoHistoryAsync(this TestCompany company, string videoId) =>
        [.. (await company.Client.ListEventsAsync(null, ["video.*"], 1000, TestContext.Current.CancellationToken)).Data.Select(ToVideo).Where(video => video.Id == videoId)];

    private static VideoObject ToVideo(PlatformEvent raised) =>
        raised.Data.Object.Deserialize<VideoObject>(ContractJson.Options) ?? throw new InvalidOperationException($"{raised.Id} has no video.");

    /// <summary>An artifact of a file, by presigned PUT.</summary>
    public static async Task<ArtifactObject> UploadArtifactAsync(this TestCompany company, string path, ArtifactType type)
    {
        var ct = TestContext.Current.CancellationToken;
        var upload = await company.Client.CreateUploadAsync(new() { Name = Path.GetFileName(path), Type = type }, ct);
        using var store = new HttpClient();
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(path, ct));
        using var put = await store.PutAsync(upload.PresignedUploadUrl, body, ct);
        put.EnsureSuccessStatusCode();
        return await company.CompletedAsync(upload.ArtifactId);
    }
}
