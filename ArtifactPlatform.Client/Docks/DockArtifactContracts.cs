using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Client.Docks;

/// <summary>Announces a file to be deposited in a dock.</summary>
public sealed record CreateDockArtifactRequest
{
    private const string NoHash = "The field {0} must be a SHA-256: 64 hex digits, with or without sha256: in front.";

    /// <summary>Name of the file with its extension, 1-255 characters, kept as it is.</summary>
    [Required, TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Filename { get; init; }

    /// <summary>MIME type; left out or blank = found in the content.</summary>
    [StringLength(255), RegularExpression(@"^(\s*|[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*( *;\P{Cc}*)?)$", ErrorMessage = "The field {0} must be a MIME type, like application/pdf.")]
    public string? ContentType { get; init; }

    /// <summary>Bytes that will come. A file of another size is refused.</summary>
    [Range(0, long.MaxValue, ErrorMessage = ContractPatterns.AtLeastMessage)]
    public long? Size { get; init; }

    /// <summary>JSON object of at most 16 KiB, given back as it came.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>SHA-256 of the bytes that will come: 64 hex digits, with or without <c>sha256:</c> in front. A file with another one is refused.</summary>
    [MinLength(64, ErrorMessage = NoHash), RegularExpression("^([sS][hH][aA]256:)?[0-9a-fA-F]{64}$", ErrorMessage = NoHash)] // A pattern lets an empty text pass.
    public string? Hash { get; init; }
}

/// <summary>A file in a dock.</summary>
public sealed record DockArtifactObject
{
    /// <summary><c>art_…</c>; sorts by time of creation.</summary>
    public required string Id { get; init; }

    public required string DockId { get; init; }

    public required string Filename { get; init; }

    /// <summary>As it was given, else as found in the content; null until then.</summary>
    public string? ContentType { get; init; }

    /// <summary>Bytes: what was claimed until the file is verified, then what is stored.</summary>
    public long? Size { get; init; }

    /// <summary><c>sha256:</c> and 64 hex digits: what was claimed until the file is verified, then that of the stored bytes.</summary>
    public string? Hash { get; init; }

    /// <summary>Where the bytes stand. Artifacts of the same content in one dock share it.</summary>
    public required string StorageKey { get; init; }

    /// <summary>The caller's own JSON object.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The dock had this content already; it is stored once.</summary>
    public required bool IsDuplicate { get; init; }

    public required ArtifactStatus Status { get; init; }

    /// <summary>Stable word for the failure: <c>hash_mismatch</c>, <c>size_mismatch</c>, <c>file_too_large</c>, <c>upload_expired</c>, …; null unless <c>upload_failed</c>.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>What went wrong and what to change, for a person; null unless <c>upload_failed</c>.</summary>
    public string? ErrorMessage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Names the upload job.</summary>
    public required string UploadId { get; init; }

    /// <summary>Takes one PUT of the file within 15 minutes; in the answer to the create alone, and not for content that the dock has. A secret: whoever has it can upload.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UploadUrl { get; init; }

    /// <summary>Reads the file for an hour; of completed artifacts, where they are listed or got. A secret: whoever has it can read the file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DownloadUrl { get; init; }

    /// <summary>When <see cref="DownloadUrl"/> ends.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Announces up to 100 files at once: <c>POST …/artifacts/batch</c>.</summary>
public sealed record CreateDockArtifactsRequest
{
    [Required, Length(1, 100, ErrorMessage = ContractPatterns.EntriesMessage)]
    public IReadOnlyList<CreateDockArtifactRequest?>? Artifacts { get; init; }
}

/// <summary>What became of each, in the order of the request.</summary>
public sealed record DockArtifactBatch(IReadOnlyList<DockArtifactBatchItem> Results);

/// <summary>What became of one.</summary>
/// <param name="Status">The HTTP status that it would have had alone: 201, 200, 400, 402 or 409.</param>
/// <param name="Artifact">Null when it was refused.</param>
/// <param name="Error">Null when it was not; its <c>param</c> is relative to the item.</param>
public sealed record DockArtifactBatchItem(int Status, DockArtifactObject? Artifact, ApiError? Error);

/// <summary>What a list of dock artifacts filters by; members left out filter nothing.</summary>
public sealed record DockArtifactQuery
{
    /// <summary>1-1000; 20 when left out.</summary>
    public int? Limit { get; init; }

    /// <summary>How many to pass over; not together with <see cref="Cursor"/>.</summary>
    public int? Offset { get; init; }

    /// <summary><c>meta.nextCursor</c> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>Part of the file name, in any case of letters.</summary>
    public string? Search { get; init; }

    /// <summary>A JSON object that the metadata must contain.</summary>
    public string? Metadata { get; init; }

    public DateTimeOffset? CreatedAfter { get; init; }

    public DateTimeOffset? CreatedBefore { get; init; }
}

/// <summary>One page of a dock's artifacts, newest first.</summary>
public sealed record DockArtifactPage(IReadOnlyList<DockArtifactObject> Data, DockArtifactPageMeta Meta);

/// <param name="Total">How many the filters fit, on all pages.</param>
/// <param name="HasMore">Whether another page follows.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null on the last.</param>
public sealed record DockArtifactPageMeta(long Total, bool HasMore, string? NextCursor);

/// <summary>How the upload of one artifact stands.</summary>
public sealed record DockUploadObject
{
    /// <summary><c>upload_…</c>.</summary>
    public required string Id { get; init; }

    public required string ArtifactId { get; init; }

    public required string DockId { get; init; }

    /// <summary>The artifact's own: <c>created</c> while the PUT is awaited, <c>upload_started</c> while the bytes are verified, then <c>upload_completed</c> or <c>upload_failed</c>.</summary>
    public required ArtifactStatus Status { get; init; }

    /// <summary>Bytes that were verified; null until then.</summary>
    public long? Bytes { get; init; }

    /// <summary>Null unless it failed.</summary>
    public DockUploadError? Error { get; init; }

    /// <summary>Until when the PUT may begin.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the finished PUT was noticed; null until then.</summary>
    public DateTimeOffset? UploadedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <param name="Code">Stable word for the failure.</param>
/// <param name="Message">What went wrong and what to change, for a person.</param>
public sealed record DockUploadError(string Code, string Message);

/// <summary>Where to download a dock's artifact from, and what must come. A secret: whoever has it can read the file until <c>expiresAt</c>.</summary>
/// <param name="Hash">SHA-256 of the file: <c>sha256:</c> and 64 hex digits.</param>
/// <param name="Size">Bytes.</param>
public sealed record DockDownload(string Url, DateTimeOffset ExpiresAt, string Hash, long Size);
