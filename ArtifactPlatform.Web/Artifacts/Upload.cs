using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Web.Artifacts;

public enum UploadState
{
    /// <summary>Others go first.</summary>
    Waiting,
    Sending,

    /// <summary>The bytes are there; the platform is being told.</summary>
    Finishing,
    Done,
    Failed,
}

/// <summary>A file that someone chose. Its bytes are in the browser, under <paramref name="Id"/>.</summary>
/// <param name="Mime">As the browser guesses it; may be empty.</param>
public sealed record ChosenFile(int Id, string Name, long Size, string Mime)
{
    /// <summary>What one PUT may carry (S3's limit: 5 GiB).</summary>
    private const long MaxSizeBytes = 5L << 30;

    private const int MaxNameLength = 255;

    /// <summary>Why it can't be uploaded; null when it can.</summary>
    public string? Objection => this switch
    {
        { Size: 0 } => "The file is empty.",
        { Size: > MaxSizeBytes } => "Larger than 5 GB, the most that one upload takes.",
        _ when Name.EnumerateRunes().Count() > MaxNameLength => $"The name is longer than {MaxNameLength} characters.",
        _ => null,
    };

    private static readonly HashSet<string> AudioExtensions = new(StringComparer.OrdinalIgnoreCase) { ".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".wma", ".ac3", ".eac3", ".mka" };

    private static readonly HashSet<string> ScriptExtensions = new(StringComparer.OrdinalIgnoreCase) { ".txt", ".srt", ".vtt", ".ass", ".ssa", ".ttml", ".dfxp", ".xml", ".json", ".csv", ".md", ".fountain", ".sbv", ".html", ".tsv", ".yaml", ".yml" };

    /// <summary>The extension first: browsers know few media extensions, and call .ts and .mts files scripts.</summary>
    public ArtifactType GuessedType => Path.GetExtension(Name) switch
    {
        var e when AudioExtensions.Contains(e) => ArtifactType.Audio,
        var e when ScriptExtensions.Contains(e) => ArtifactType.Script,
        _ when Mime.StartsWith("audio/", StringComparison.Ordinal) => ArtifactType.Audio,
        _ when Mime.StartsWith("text/", StringComparison.Ordinal) => ArtifactType.Script,
        _ => ArtifactType.Video,
    };
}

/// <summary>One file on its way from the browser to the store.</summary>
public sealed class Upload(ChosenFile file, ArtifactType type)
{
    public ChosenFile File { get; } = file;

    public ArtifactType Type { get; } = type;

    public UploadState State { get; set; }

    public long SentBytes { get; set; }

    /// <summary>What to show when <see cref="UploadState.Failed"/>.</summary>
    public string? Problem { get; set; }

    public PresignedUpload? Target { get; set; }

    public int Percent => State is UploadState.Finishing or UploadState.Done ? 100 : (int)(100 * SentBytes / Math.Max(1, File.Size));

    public bool IsUnderWay => State is UploadState.Waiting or UploadState.Sending or UploadState.Finishing;
}
