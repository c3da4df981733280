using System.Text.Json.Serialization;

namespace ArtifactPlatform.Client.Videos;

public enum VideoStatus
{
    /// <summary>Being made; <c>playback</c> may answer already.</summary>
    Preparing,

    Ready,

    /// <summary>Could not be made; <c>errors</c> say why.</summary>
    Errored,

    /// <summary>Being made anew; the old renditions play until then.</summary>
    Reprocessing,
}

public enum PlaybackPolicy
{
    /// <summary>Plays for everybody who has the playback id.</summary>
    Public,

    /// <summary>Plays only with a token that one of the company's playback keys has signed.</summary>
    Signed,
}

public enum IngestKind
{
    DirectUpload,
    Url,
    Console,
}

/// <summary>A video and where to play it.</summary>
public sealed record VideoObject
{
    /// <summary><c>vid_…</c>.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("title")]
    public required string Title { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }

    /// <summary>A JPEG; takes <c>?time=</c> (s) and <c>?width=</c> (pixels). Null for sound, and until there is something to play.</summary>
    [JsonPropertyName("thumbnail_url")]
    public string? ThumbnailUrl { get; init; }

    [JsonPropertyName("status")]
    public required VideoStatus Status { get; init; }

    /// <summary>0-100 over all encode and package work; never falls within one run.</summary>
    [JsonPropertyName("progress")]
    public required int Progress { get; init; }

    /// <summary>How often a worker has begun.</summary>
    [JsonPropertyName("transcode_attempts")]
    public int? TranscodeAttempts { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("duration")]
    public double? Duration { get; init; }

    [JsonPropertyName("file_size_bytes")]
    public long? FileSizeBytes { get; init; }

    /// <summary>The source's: <c>h264</c>, <c>hevc</c> …</summary>
    [JsonPropertyName("video_codec")]
    public string? VideoCodec { get; init; }

    /// <summary>The source's frames a second.</summary>
    [JsonPropertyName("fps")]
    public double? Fps { get; init; }

    /// <summary>Where to download the original; null until it has landed. Needs an API key.</summary>
    [JsonPropertyName("source_url")]
    public string? SourceUrl { get; init; }

    /// <summary>Pixels, as shown.</summary>
    [JsonPropertyName("source_width")]
    public int? SourceWidth { get; init; }

    /// <summary>Pixels, as shown.</summary>
    [JsonPropertyName("source_height")]
    public int? SourceHeight { get; init; }

    [JsonPropertyName("creator_username")]
    public string? CreatorUsername { get; init; }

    [JsonPropertyName("playback")]
    public required VideoPlayback Playback { get; init; }

    /// <summary>The rungs of the ladder, highest first, and how far each is; empty until the source has been looked at, and for sound.</summary>
    [JsonPropertyName("renditions")]
    public required IReadOnlyList<RenditionProgress> Renditions { get; init; }

    [JsonPropertyName("playback_ids")]
    public required IReadOnlyList<PlaybackId> PlaybackIds { get; init; }

    /// <summary>Of the first playback id.</summary>
    [JsonPropertyName("policy")]
    public required PlaybackPolicy Policy { get; init; }

    [JsonPropertyName("passthrough")]
    public string? Passthrough { get; init; }

    [JsonPropertyName("ingest")]
    public required VideoIngest Ingest { get; init; }

    /// <summary>Why it could not be made; empty unless <c>status</c> is <c>errored</c>, or a reprocessing failed.</summary>
    [JsonPropertyName("errors")]
    public required IReadOnlyList<VideoError> Errors { get; init; }

    /// <summary>Master playlists and MPDs handed out.</summary>
    [JsonPropertyName("view_count")]
    public required long ViewCount { get; init; }

    [JsonPropertyName("tags")]
    public required IReadOnlyList<string> Tags { get; init; }

    [JsonPropertyName("captions")]
    public required IReadOnlyList<CaptionObject> Captions { get; init; }

    /// <summary>The artifact that it is made from; null once that is deleted.</summary>
    [JsonPropertyName("artifact_id")]
    public string? ArtifactId { get; init; }

    /// <summary>Null until it is known.</summary>
    [JsonPropertyName("audio_only")]
    public bool? AudioOnly { get; init; }

    /// <summary>WebVTT that points into a sheet of small frames; null for sound.</summary>
    [JsonPropertyName("storyboard_url")]
    public string? StoryboardUrl { get; init; }

    /// <summary>JSON with the loudness over time; null until there is one.</summary>
    [JsonPropertyName("waveform_url")]
    public string? WaveformUrl { get; init; }

    [JsonPropertyName("timings")]
    public required VideoTimings Timings { get; init; }

    /// <summary>Why a stream of the source was re-encoded rather than copied; empty when all could be copied.</summary>
    [JsonPropertyName("input_reasons")]
    public required IReadOnlyList<InputReason> InputReasons { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("updated_at")]
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Addresses for players; null and empty until there is something to play.</summary>
public sealed record VideoPlayback(
    [property: JsonPropertyName("hls")] string? Hls,
    [property: JsonPropertyName("dash")] string? Dash,
    [property: JsonPropertyName("mp4")] IReadOnlyList<VideoMp4> Mp4);

/// <param name="Height">The rung: 720 also for a portrait video of 720 pixels' width.</param>
/// <param name="Url">Progressive MP4.</param>
/// <param name="BitrateKbps">The encode's target, kb/s.</param>
/// <param name="Hls">The variant's own playlist.</param>
public sealed record VideoMp4(
    [property: JsonPropertyName("height")] int Height,
    [property: JsonPropertyName("url")] string Url,
    [property: JsonPropertyName("bitrate_kbps")] int? BitrateKbps,
    [property: JsonPropertyName("hls")] string? Hls);

/// <param name="Height">The rung: 720 also for a portrait video of 720 pixels' width.</param>
/// <param name="BitrateKbps">The encode's target, kb/s.</param>
/// <param name="Progress">0-100; 100 when it plays.</param>
public sealed record RenditionProgress(
    [property: JsonPropertyName("height")] int Height,
    [property: JsonPropertyName("bitrate_kbps")] int? BitrateKbps,
    [property: JsonPropertyName("progress")] int Progress);

/// <param name="Id"><c>play_…</c>.</param>
public sealed record PlaybackId(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("policy")] PlaybackPolicy Policy,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt);

public sealed record VideoIngest([property: JsonPropertyName("kind")] IngestKind Kind);

/// <param name="Type">Stable word.</param>
/// <param name="Messages">For people.</param>
public sealed record VideoError([property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("messages")] IReadOnlyList<string> Messages);

/// <param name="Stream"><c>video</c>, <c>audio</c>, or <c>container</c>.</param>
/// <param name="Reason">For people.</param>
public sealed record InputReason([property: JsonPropertyName("stream")] string Stream, [property: JsonPropertyName("reason")] string Reason);

/// <summary>Milliseconds since the video was created, or since its reprocessing began.</summary>
/// <param name="Started">A worker took it up.</param>
/// <param name="Playable">It could be played for the first time.</param>
/// <param name="Ready">All was done.</param>
public sealed record VideoTimings(
    [property: JsonPropertyName("started")] long? Started,
    [property: JsonPropertyName("playable")] long? Playable,
    [property: JsonPropertyName("ready")] long? Ready);

/// <param name="Id"><c>cap_…</c>.</param>
/// <param name="Language">BCP 47.</param>
public sealed record CaptionObject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("language")] string Language,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt);
