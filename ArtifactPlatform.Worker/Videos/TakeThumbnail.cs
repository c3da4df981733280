using System.Text.Json;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Queue;
using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Worker.Videos;

/// <summary>Takes one frame of a package that somebody has asked for, and keeps it next to the package.</summary>
public sealed class TakeThumbnail(ObjectStore store, Pictures pictures, Scratch scratch) : JobHandler
{
    private static readonly TimeSpan UrlLifetime = TimeSpan.FromHours(1);

    public override string Kind => JobKinds.Thumbnail;

    public override async Task<JobOutcome> HandleAsync(Job job, CancellationToken ct)
    {
        var frame = ThumbnailKey.Parse(job.SubjectId);
        var record = ObjectKeys.PackageFile(frame.VideoId, frame.Package, VideoPackage.FileName);
        if (await store.HeadAsync(record, ct) is null)
        {
            return new JobOutcome.Done();
        }

        await using var json = await store.OpenReadAsync(record, etag: null, ct);
        var package = await JsonSerializer.DeserializeAsync<VideoPackage>(json, ContractJson.Options, ct);
        // The smallest that is large enough costs least; the MP4 has an index at its start.
        if ((package?.Video.LastOrDefault(v => v.Width >= frame.Width) ?? package?.Video[0]) is not { } video)
        {
            return new JobOutcome.Done();
        }

        using var folder = scratch.NewFolder(frame.VideoId);
        var path = Path.Combine(folder.Path, "frame.jpg");
        var url = store.PresignInternalGet(ObjectKeys.PackageFile(frame.VideoId, frame.Package, video.Mp4File ?? video.Track.File), UrlLifetime);
        try
        {
            await pictures.ThumbnailAsync(MediaInput.FromUrl(new Uri(url)), (double)frame.Seconds, frame.Width, path, ct);
            await store.WriteFileAsync(frame.S3Key, path, "image/jpeg", ct);
            if (await store.HeadAsync(record, ct) is null)
            {
                // The package was removed meanwhile.
                await store.DeleteAsync(frame.S3Key, ct);
            }

            return new JobOutcome.Done();
        }
        catch (Exception e) when (e is MediaProcessException or MediaSourceException or FileNotFoundException)
        {
            return new JobOutcome.Retry("frame_failed", "The frame could not be taken.");
        }
    }

    /// <summary>Who asked has had an answer by then; asking again tries again.</summary>
    public override Task BuryAsync(Job job, string code, string reason, CancellationToken ct) => Task.CompletedTask;
}
