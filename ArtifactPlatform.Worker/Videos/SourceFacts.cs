using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Worker.Videos;

/// <summary>What a video is made from, as it shows.</summary>
public sealed class SourceFacts(VideoLog log, Quota quota)
{
    /// <summary>Stores what the source is, and puts its length aside: the encode minutes of this run, however often it is tried.</summary>
    /// <exception cref="QuotaExceededException">The company has not that many left.</exception>
    public Task<VideoObject?> StoreAsync(Video video, VideoSource source, IReadOnlyList<CopyReason> reasons, CancellationToken ct)
    {
        List<InputReason> shown = [.. reasons.Select(r => new InputReason(r.Stream, r.Reason))];
        return log.ChangeAsync(
            video.CompanyId,
            video.Id,
            v => v.TranscodeAttempts == video.TranscodeAttempts,
            set => set
                .SetProperty(v => v.FileSizeBytes, source.SizeBytes)
                .SetProperty(v => v.DurationSeconds, source.Duration)
                .SetProperty(v => v.VideoCodec, source.Video == null ? null : source.Video.Codec)
                .SetProperty(v => v.Fps, source.Video == null ? null : (double?)Math.Round(source.Video.FrameRate, 3))
                .SetProperty(v => v.SourceWidth, source.Video == null ? null : (int?)source.Video.Width)
                .SetProperty(v => v.SourceHeight, source.Video == null ? null : (int?)source.Video.Height)
                .SetProperty(v => v.AudioOnly, source.Video == null)
                .SetProperty(v => v.InputReasons, shown),
            eventType: null,
            ct,
            (db, token) => quota.ReserveAsync(db, UsageKind.EncodeTime, video.CompanyId, Video.RunId(video.Id, video.Run), UsageKinds.Milliseconds(source.Duration), token));
    }
}
