using ArtifactPlatform.Api.Playback;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Videos;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>Uploads, videos and playback as the document shows them.</summary>
internal static class VideoSamples
{
    private const string UploadId = "up_019bb2a4c1f067d3a85e90b6";
    private const string VideoId = "vid_019bb2a4c1f067d3a85e90b7";
    private const string PlaybackIdText = "play_019bb2a4c1f067d3a85e90b8";
    private const string Play = $"https://platform.example.com/play/{PlaybackIdText}";
    private const string PartAddress = "https://storage.example.com/artifacts/uploads/019bb2a4c1f067d3a85e90b1/source_video.mp4?partNumber=2&uploadId=…&X-Amz-Signature=…";
    private const string MediaUrl = $"https://storage.example.com/artifacts/videos/{VideoId}/4f1c2a9b7d30/video-720.mp4?X-Amz-Signature=…";

    private static readonly DateTimeOffset Time = new(2026, 1, 12, 12, 15, 0, TimeSpan.Zero);
    private static readonly PackagedTrack Track = new("video-720.mp4", "avc1.64001f", 2_611_000, 2_204_000, 890, [new(890, 1_102_000, 4), new(1_102_890, 1_010_000, 4)]);

    public static CreateUploadRequest ForUpload { get; } = new() { Filename = "film.mp4", MimeType = "video/mp4", FileSizeBytes = 734_003_200, Title = "My film", Tags = ["spring"] };

    public static UploadObject Upload { get; } = new()
    {
        Id = UploadId,
        Status = UploadStatus.Created,
        Method = UploadTransport.Multipart,
        Filename = "film.mp4",
        MimeType = "video/mp4",
        FileSizeBytes = 734_003_200,
        UploadId = "2~Zk3v…",
        PartSizeBytes = 16 << 20,
        PartCount = 44,
        ExpiresAt = Time.AddDays(6),
        CreatedAt = Time,
    };

    public static UploadObject NewUpload { get; } = Upload with { Parts = [Part] };

    public static UploadObject ResumedUpload { get; } = Upload with { UploadedParts = [new UploadedPart(1, "\"9bb58f26192e4ba00f01e2e7b136bbd8\"", 16 << 20)], MissingParts = [Part] };

    public static SignPartsRequest SignParts { get; } = new() { PartNumbers = [2] };

    public static SignedParts SignedParts { get; } = new([Part]);

    public static FinalizeUploadRequest Finalize { get; } = new() { MimeType = "video/mp4", FileSizeBytes = 734_003_200 };

    public static VideoObject Preparing { get; } = new()
    {
        Id = VideoId,
        Title = "My film",
        Status = VideoStatus.Preparing,
        Progress = 0,
        Playback = new VideoPlayback(null, null, []),
        Renditions = [new RenditionProgress(720, 2500, 0)],
        PlaybackIds = [Id],
        Policy = PlaybackPolicy.Public,
        Ingest = new VideoIngest(IngestKind.DirectUpload),
        Errors = [],
        ViewCount = 0,
        Tags = ["spring"],
        Captions = [],
        ArtifactId = Samples.ArtifactId,
        Timings = new VideoTimings(null, null, null),
        InputReasons = [],
        CreatedAt = Time,
        UpdatedAt = Time,
    };

    public static VideoObject Ready { get; } = Preparing with
    {
        Status = VideoStatus.Ready,
        Progress = 100,
        TranscodeAttempts = 1,
        ThumbnailUrl = $"{Play}/thumbnail.jpg",
        StoryboardUrl = $"{Play}/storyboard.vtt",
        Duration = 138.28,
        FileSizeBytes = 734_003_200,
        VideoCodec = "h264",
        Fps = 25,
        SourceWidth = 1280,
        SourceHeight = 720,
        SourceUrl = $"https://platform.example.com/api/v1/artifacts/{Samples.ArtifactId}/download",
        CreatorUsername = "Demo User",
        AudioOnly = false,
        Renditions = [new RenditionProgress(720, 2500, 100)],
        Playback = new VideoPlayback($"{Play}/master.m3u8", $"{Play}/manifest.mpd", [new VideoMp4(720, $"{Play}/720.mp4", 2500, $"{Play}/720.m3u8")]),
        Timings = new VideoTimings(40, 1320, 61_880),
    };

    public static CreateVideoRequest FromUrl { get; } = new() { Input = [new VideoInput { Url = "https://media.example.com/film.mp4" }], Title = "My film", Tags = ["spring"] };

    public static CreateVideoRequest FromArtifact { get; } = new() { ArtifactId = Samples.ArtifactId, PlaybackPolicy = PlaybackPolicy.Signed, Quality = "720p" };

    public static PatchVideoRequest Patch { get; } = new() { Title = "My film (final)", Tags = ["spring", "final"] };

    public static CreatePlaybackIdRequest NewPlaybackId { get; } = new() { Policy = PlaybackPolicy.Public };

    public static PlaybackId PlaybackId { get; } = Id;

    public static CreateCaptionRequest NewCaption { get; } = new() { Language = "en", Name = "English", Text = "1\n00:00:01,000 --> 00:00:02,500\nHello.\n" };

    public static CaptionObject Caption { get; } = new("cap_019bb2a4c1f067d3a85e90b9", "en", "English", Time);

    public static PlaybackKeyObject NewPlaybackKey { get; } = new("pk_019bb2a4c1f067d3a85e90ba", Time, "-----BEGIN PRIVATE KEY-----\n…");

    public static PlaybackKeyObject PlaybackKey { get; } = NewPlaybackKey with { PrivateKey = null };

    public static string Master { get; } = HlsManifests.Master(Package, [], "");

    public static string Media { get; } = HlsManifests.Media(Track, MediaUrl);

    public static string CaptionPlaylist { get; } = HlsManifests.Captions(138.28, $"https://storage.example.com/artifacts/videos/{VideoId}/captions/cap_019bb2a4c1f067d3a85e90b9.vtt?X-Amz-Signature=…");

    public static string Mpd { get; } = DashManifest.Write(Package, [], "");

    public static string StoryboardVtt { get; } = PlayFiles.StoryboardVtt(new Storyboard("storyboard.jpg", 160, 90, 10, 10, 1.38, 2), 2.76, "");

    private static PartUrl Part => new(2, PartAddress);

    private static PlaybackId Id => new(PlaybackIdText, PlaybackPolicy.Public, Time);

    private static VideoPackage Package => new() { Duration = 8, Video = [new VideoRendition(Track, 1280, 720, 720, 25, 2500)], Audio = [] };
}
