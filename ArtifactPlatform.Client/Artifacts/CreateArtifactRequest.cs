using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace ArtifactPlatform.Client.Artifacts;

/// <summary>Asks for an artifact. With none of <c>url</c>, <c>s3Path</c>, <c>fragments</c> the answer is a presigned upload URL.</summary>
public sealed record CreateArtifactRequest
{
    /// <summary>Display name, 1-255 characters, kept as it is.</summary>
    [Required, TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Name { get; init; }

    [Required]
    public ArtifactType? Type { get; init; }

    /// <summary>Public http or https address of the file.</summary>
    [StringLength(4096)]
    public string? Url { get; init; }

    /// <summary><c>s3://bucket/key</c>: from <c>GET /artifacts/create</c>, or a bucket that the key's S3 credentials can read.</summary>
    [StringLength(2048)]
    public string? S3Path { get; init; }

    /// <summary>1 to 1,000 sources to join end to end; not for scripts.</summary>
    [Length(1, 1000, ErrorMessage = ContractPatterns.EntriesMessage)]
    public IReadOnlyList<FragmentRequest>? Fragments { get; init; }

    /// <summary>JSON object of at most 16 KiB, given back as it came.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>When the artifact is to be deleted by itself, in the future; left out = never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>One source of a joined artifact: exactly one of <c>url</c> and <c>s3Path</c>. All times in seconds.</summary>
public sealed record FragmentRequest
{
    [StringLength(4096)]
    public string? Url { get; init; }

    [StringLength(2048)]
    public string? S3Path { get; init; }

    /// <summary>Place on the artifact's timeline, ≥ 0; decides the order.</summary>
    [Required, Range(0, 1e7)]
    public double? StartTime { get; init; }

    /// <summary>Where to cut into the source, ≥ 0; left out = its start.</summary>
    [Range(0, 1e7)]
    public double? InPoint { get; init; }

    /// <summary>Where to cut out of the source, above <c>inPoint</c>; left out = its end.</summary>
    [Range(0, 1e7)]
    public double? OutPoint { get; init; }
}

/// <summary>Where to PUT the file of a new artifact.</summary>
/// <param name="ArtifactId">The new artifact's id.</param>
/// <param name="PresignedUploadUrl">Takes one PUT of up to 5 GB until <c>expiresAt</c>. A secret: whoever has it can upload.</param>
/// <param name="ExpiresAt">UTC.</param>
public sealed record PresignedUpload(string ArtifactId, string PresignedUploadUrl, DateTimeOffset ExpiresAt);

/// <summary>Where to PUT a file first, to create an artifact from its <c>s3Path</c> afterwards.</summary>
public sealed record PresignedTempUpload(string S3Path, string PresignedUploadUrl, DateTimeOffset ExpiresAt);

/// <summary>Where to download an artifact from. A secret: whoever has it can read the file until <c>expiresAt</c>.</summary>
public sealed record DownloadUrl(string Url, DateTimeOffset ExpiresAt);

/// <summary>Changes to an artifact; members left out stay as they are.</summary>
public sealed record PatchArtifactRequest : PatchRequest
{
    [NeverNull, TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Name
    {
        get;
        init => field = Named(value);
    }

    /// <summary>JSON object of at most 16 KiB; replaces the old one whole; null = none.</summary>
    public JsonElement? Metadata
    {
        get;
        init => field = Named(value);
    }

    /// <summary>When the artifact is to be deleted by itself, in the future; null = never.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get;
        init => field = Named(value);
    }
}

/// <summary>A deleted artifact that can still be restored.</summary>
/// <param name="RestorableUntil">Its files are removed then.</param>
public sealed record DeletedArtifact(string Id, string Name, ArtifactType Type, long? Size, DateTimeOffset DeletedAt, DateTimeOffset RestorableUntil);

/// <summary>One page of a list, newest first unless sorted otherwise.</summary>
/// <param name="Data">The page.</param>
/// <param name="HasMore">Whether another page follows.</param>
/// <param name="NextCursor">Give it as <c>startingAfter</c> to get the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, bool HasMore, string? NextCursor);
