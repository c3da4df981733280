using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using ArtifactPlatform.Client.Videos;

namespace ArtifactPlatform.Client.Uploads;

public enum UploadStatus
{
    /// <summary>Takes bytes until <c>expires_at</c>.</summary>
    Created,

    /// <summary>Finalized: the file is an artifact, and a video is made from it.</summary>
    Completed,

    /// <summary>Given up by the client, or never finalized in time; its parts are removed.</summary>
    Aborted,
}

public enum UploadTransport
{
    /// <summary>One PUT.</summary>
    Single,

    /// <summary>Parts, in any order, several at a time.</summary>
    Multipart,
}

/// <summary>What <c>POST /uploads</c> takes.</summary>
public sealed record CreateUploadRequest
{
    /// <summary>Shown to people and used for downloads; never part of a path.</summary>
    [JsonPropertyName("filename"), Required, TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Filename { get; init; }

    /// <summary><c>video/…</c> or <c>audio/…</c>.</summary>
    [JsonPropertyName("mime_type"), Required, StringLength(127), RegularExpression(VideoPatterns.MimeType, ErrorMessage = VideoPatterns.MimeTypeMessage)]
    public string? MimeType { get; init; }

    /// <summary>Bytes, exactly.</summary>
    [JsonPropertyName("file_size_bytes"), Required, Range(1, long.MaxValue, ErrorMessage = ContractPatterns.AtLeastMessage)]
    public long? FileSizeBytes { get; init; }

    /// <summary>The video's title; left out = the file's name.</summary>
    [JsonPropertyName("title"), TextLength(255)]
    public string? Title { get; init; }

    [JsonPropertyName("tags"), MaxLength(VideoPatterns.MaxTags, ErrorMessage = ContractPatterns.MaxEntriesMessage)]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Yours, given back as it came.</summary>
    [JsonPropertyName("passthrough"), TextLength(2048)]
    public string? Passthrough { get; init; }

    /// <summary>Who may play the video: <c>public</c> (the default) or <c>signed</c>.</summary>
    [JsonPropertyName("policy")]
    public PlaybackPolicy? Policy { get; init; }
}

/// <summary>Where one part goes. The URL is a secret: whoever has it can upload.</summary>
public sealed record PartUrl([property: JsonPropertyName("partNumber")] int PartNumber, [property: JsonPropertyName("url")] string Url);

/// <summary>A part that the store has.</summary>
public sealed record UploadedPart(
    [property: JsonPropertyName("partNumber")] int PartNumber,
    [property: JsonPropertyName("etag")] string Etag,
    [property: JsonPropertyName("size")] long Size);

/// <summary>An upload session. Members that don't apply are left out.</summary>
public sealed record UploadObject
{
    /// <summary><c>up_…</c>.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("status")]
    public required UploadStatus Status { get; init; }

    [JsonPropertyName("method")]
    public required UploadTransport Method { get; init; }

    [JsonPropertyName("filename")]
    public required string Filename { get; init; }

    [JsonPropertyName("mime_type")]
    public required string MimeType { get; init; }

    [JsonPropertyName("file_size_bytes")]
    public required long FileSizeBytes { get; init; }

    /// <summary>Single uploads that are open: takes the one PUT.</summary>
    [JsonPropertyName("url"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>Multipart uploads: the store's own id.</summary>
    [JsonPropertyName("upload_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UploadId { get; init; }

    /// <summary>Bytes of every part but the last.</summary>
    [JsonPropertyName("part_size_bytes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PartSizeBytes { get; init; }

    [JsonPropertyName("part_count"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PartCount { get; init; }

    /// <summary>In the answer to creating: the first 1,000 parts' URLs, good for 24 hours; more come from <c>POST /uploads/{id}/parts</c>.</summary>
    [JsonPropertyName("parts"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PartUrl>? Parts { get; init; }

    /// <summary>What the store has.</summary>
    [JsonPropertyName("uploaded_parts"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UploadedPart>? UploadedParts { get; init; }

    /// <summary>What it lacks, with fresh URLs; the first 1,000 of them.</summary>
    [JsonPropertyName("missing_parts"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PartUrl>? MissingParts { get; init; }

    /// <summary>The artifact that the file became; null until it is finalized.</summary>
    [JsonPropertyName("artifact_id")]
    public string? ArtifactId { get; init; }

    /// <summary>The video that is made from it; null until it is finalized.</summary>
    [JsonPropertyName("video_id")]
    public string? VideoId { get; init; }

    /// <summary>Until when it can be finalized. URLs live for 24 hours; ask again for fresh ones.</summary>
    [JsonPropertyName("expires_at")]
    public required DateTimeOffset ExpiresAt { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Which parts to sign.</summary>
public sealed record SignPartsRequest
{
    /// <summary>1 to 1,000 part numbers.</summary>
    [JsonPropertyName("part_numbers"), Required, Length(1, 1000, ErrorMessage = ContractPatterns.EntriesMessage)]
    public IReadOnlyList<int>? PartNumbers { get; init; }
}

public sealed record SignedParts([property: JsonPropertyName("parts")] IReadOnlyList<PartUrl> Parts);

/// <summary>What <c>POST /uploads/{id}/finalize</c> takes. The server lists the parts itself.</summary>
public sealed record FinalizeUploadRequest
{
    /// <inheritdoc cref="CreateUploadRequest.MimeType"/>
    [JsonPropertyName("mime_type"), Required, StringLength(127), RegularExpression(VideoPatterns.MimeType, ErrorMessage = VideoPatterns.MimeTypeMessage)]
    public string? MimeType { get; init; }

    /// <summary>Bytes, exactly: must be what the store has.</summary>
    [JsonPropertyName("file_size_bytes"), Required, Range(1, long.MaxValue, ErrorMessage = ContractPatterns.AtLeastMessage)]
    public long? FileSizeBytes { get; init; }

    /// <summary>Seconds. Taken and not needed: the file is measured.</summary>
    [JsonPropertyName("duration_secs"), Range(0, 1e7)]
    public double? DurationSecs { get; init; }

    /// <summary>Pixels. Taken and not needed.</summary>
    [JsonPropertyName("source_height"), Range(1, 16384)]
    public int? SourceHeight { get; init; }

    /// <summary>Pixels. Taken and not needed.</summary>
    [JsonPropertyName("source_width"), Range(1, 16384)]
    public int? SourceWidth { get; init; }

    /// <summary>Taken and not needed.</summary>
    [JsonPropertyName("upload_id"), StringLength(1024)]
    public string? UploadId { get; init; }

    /// <summary>Taken and not needed: wrong or missing ETags don't matter.</summary>
    [JsonPropertyName("parts"), MaxLength(10_000, ErrorMessage = ContractPatterns.MaxEntriesMessage)]
    public IReadOnlyList<FinalizePart>? Parts { get; init; }
}

public sealed record FinalizePart
{
    [JsonPropertyName("partNumber")]
    public int? PartNumber { get; init; }

    [JsonPropertyName("etag")]
    public string? Etag { get; init; }
}
