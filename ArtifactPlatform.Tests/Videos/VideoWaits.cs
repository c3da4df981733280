using ArtifactPlatform.Client.Artifacts;
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
