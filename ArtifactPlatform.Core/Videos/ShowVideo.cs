using ArtifactPlatform.Client.Videos;

namespace ArtifactPlatform.Core.Videos;

/// <summary>A video's rows as the contract shows them.</summary>
internal static class ShowVideo
{
    public static VideoObject ToObject(Video video, string? userName, IReadOnlyList<VideoPlaybackId> playbackIds, IReadOnlyList<Caption> captions, PlaybackUrls urls)
    {
        // What plays for everybody is shown first, if anything does.
        var shown = playbackIds.FirstOrDefault(p => p.Policy == PlaybackPolicy.Public) ?? (playbackIds is [var only, ..] ? only : null);
        var playable = video.Package is null || shown is null ? null : video.Renditions;
        var pictures = playable is { Rungs.Count: > 0 };
        return new VideoObject
        {
            Id = video.Id,
            Title = video.Title,
            Description = video.Description,
            ThumbnailUrl = pictures ? urls.Of(shown!.Id, "thumbnail.jpg") : null,
            Status = video.Status,
            Progress = video.Progress,
            TranscodeAttempts = video.TranscodeAttempts,
            Duration = video.DurationSeconds,
            FileSizeBytes = video.FileSizeBytes,
            VideoCodec = video.VideoCodec,
            Fps = video.Fps,
            SourceUrl = video.ArtifactId is { } artifactId && video.FileSizeBytes is not null ? urls.Source(artifactId) : null,
            SourceWidth = video.SourceWidth,
            SourceHeight = video.SourceHeight,
            CreatorUsername = userName,
            Playback = playable is null ? new VideoPlayback(null, null, []) : Playback(shown!.Id, playable, urls),
            Renditions = Renditions(video),
            PlaybackIds = [.. playbackIds.Select(p => new PlaybackId(p.Id, p.Policy, p.CreatedAt))],
            Policy = playbackIds is [var first, ..] ? first.Policy : PlaybackPolicy.Public,
            Passthrough = video.Passthrough,
            Ingest = new VideoIngest(video.IngestKind),
            Errors = video.Errors ?? [],
            ViewCount = video.ViewCount,
            Tags = video.Tags,
            Captions = [.. captions.Select(c => new CaptionObject(c.Id, c.Language, c.Name, c.CreatedAt))],
            ArtifactId = video.ArtifactId,
            AudioOnly = video.AudioOnly,
            StoryboardUrl = playable is { HasStoryboard: true } ? urls.Of(shown!.Id, "storyboard.vtt") : null,
            WaveformUrl = playable is { HasWaveform: true } ? urls.Of(shown!.Id, "waveform.json") : null,
            Timings = new VideoTimings(Since(video, video.StartedAt), Since(video, video.PlayableAt), Since(video, video.ReadyAt)),
            InputReasons = video.InputReasons ?? [],
            CreatedAt = video.CreatedAt,
            UpdatedAt = video.UpdatedAt,
        };
    }

    private static List<RenditionProgress> Renditions(Video video) =>
        video.Status is VideoStatus.Preparing or VideoStatus.Reprocessing ? video.Rungs ?? []
        : [.. (video.Renditions?.Rungs ?? []).Select(r => new RenditionProgress(r.Rung, r.Kbps, 100))];

    private static VideoPlayback Playback(string playbackId, PackageSummary package, PlaybackUrls urls) => new(
        urls.Of(playbackId, "master.m3u8"),
        urls.Of(playbackId, "manifest.mpd"),
        [.. package.Rungs.Where(r => r.HasMp4).Select(r => new VideoMp4(r.Rung, urls.Of(playbackId, $"{r.Rung}.mp4"), r.Kbps, urls.Of(playbackId, $"{r.Rung}.m3u8")))]);

    private static long? Since(Video video, DateTimeOffset? then) => then is null ? null : Math.Max(0, (long)(then.Value - video.QueuedAt).TotalMilliseconds);
}
