using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace ArtifactPlatform.Client.Videos;

/// <summary>Limits and forms that several requests share.</summary>
internal static class VideoPatterns
{
    public const string MimeType = @"^(?i)(video|audio)/[a-z0-9.+-]+$";
    public const string MimeTypeMessage = "The field {0} must be a video or audio type, like video/mp4.";
    public const int MaxTags = 20;
    public const string Language = @"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$";
    public const string LanguageMessage = "The field {0} must be a BCP 47 language tag, like en or pt-BR.";
}

/// <summary>What <c>POST /videos</c> takes: one of <c>input</c> and <c>artifact_id</c>.</summary>
public sealed record CreateVideoRequest
{
    /// <summary>One source.</summary>
    [JsonPropertyName("input"), Length(1, 1, ErrorMessage = "The field {0} must have exactly one entry.")]
    public IReadOnlyList<VideoInput>? Input { get; init; }

    /// <summary>A video or audio artifact of yours, finished or not.</summary>
    [JsonPropertyName("artifact_id"), StringLength(64)]
    public string? ArtifactId { get; init; }

    /// <summary>Left out = the file's name.</summary>
    [JsonPropertyName("title"), TextLength(255), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Title { get; init; }

    [JsonPropertyName("description"), TextLength(4096)]
    public string? Description { get; init; }

    /// <summary><c>public</c> (the default) or <c>signed</c>.</summary>
    [JsonPropertyName("playback_policy")]
    public PlaybackPolicy? PlaybackPolicy { get; init; }

    /// <summary>Yours, given back as it came.</summary>
    [JsonPropertyName("passthrough"), TextLength(2048)]
    public string? Passthrough { get; init; }

    /// <summary>The highest rung to make; <c>original</c> (the default) = the source's own height.</summary>
    [JsonPropertyName("quality"), AllowedValues(null, "original", "480p", "720p", "1080p", "1440p", "4K", ErrorMessage = "quality must be one of original, 480p, 720p, 1080p, 1440p, 4K")]
    public string? Quality { get; init; }

    [JsonPropertyName("tags"), MaxLength(VideoPatterns.MaxTags, ErrorMessage = ContractPatterns.MaxEntriesMessage)]
    public IReadOnlyList<string>? Tags { get; init; }
}

public sealed record VideoInput
{
    /// <summary>A public http or https address.</summary>
    [JsonPropertyName("url"), Required, StringLength(4096)]
    public string? Url { get; init; }
}

/// <summary>Changes to a video; members left out stay as they are, and null is none: no description, no passthrough, no tags.</summary>
public sealed record PatchVideoRequest : PatchRequest
{
    [NeverNull, JsonPropertyName("title"), TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Title
    {
        get;
        init => field = Named(value);
    }

    [JsonPropertyName("description"), TextLength(4096)]
    public string? Description
    {
        get;
        init => field = Named(value);
    }

    [JsonPropertyName("passthrough"), TextLength(2048)]
    public string? Passthrough
    {
        get;
        init => field = Named(value);
    }

    [JsonPropertyName("tags"), MaxLength(VideoPatterns.MaxTags, ErrorMessage = ContractPatterns.MaxEntriesMessage)]
    public IReadOnlyList<string>? Tags
    {
        get;
        init => field = Named(value);
    }
}

public sealed record CreatePlaybackIdRequest
{
    [JsonPropertyName("policy"), Required]
    public PlaybackPolicy? Policy { get; init; }
}

/// <summary>Captions from an artifact or from text: one of the two.</summary>
public sealed record CreateCaptionRequest
{
    [JsonPropertyName("language"), Required, StringLength(35), RegularExpression(VideoPatterns.Language, ErrorMessage = VideoPatterns.LanguageMessage)]
    public string? Language { get; init; }

    /// <summary>What players show; left out = the language.</summary>
    [JsonPropertyName("name"), StringLength(64, MinimumLength = 1), RegularExpression(@"^[^\p{Cc}""]*$", ErrorMessage = "The field {0} must hold neither quotes nor control characters.")]
    public string? Name { get; init; }

    /// <summary>A finished script artifact that holds SRT or WebVTT.</summary>
    [JsonPropertyName("artifact_id"), StringLength(64)]
    public string? ArtifactId { get; init; }

    /// <summary>SRT or WebVTT itself.</summary>
    [JsonPropertyName("text"), StringLength(900_000)]
    public string? Text { get; init; }
}

/// <summary>One page of videos, newest first.</summary>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null on the last.</param>
public sealed record VideoPage([property: JsonPropertyName("data")] IReadOnlyList<VideoObject> Data, [property: JsonPropertyName("next_cursor")] string? NextCursor);

/// <summary>A key that signs playback tokens.</summary>
/// <param name="Id"><c>pk_…</c>; the token's <c>kid</c>.</param>
/// <param name="PrivateKey">PEM (PKCS #8), RS256; in the answer to creating alone.</param>
public sealed record PlaybackKeyObject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("private_key"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PrivateKey = null);

public sealed record PlaybackKeyList([property: JsonPropertyName("data")] IReadOnlyList<PlaybackKeyObject> Data);
