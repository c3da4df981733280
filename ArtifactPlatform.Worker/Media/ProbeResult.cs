using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>What to look at.</summary>
/// <param name="Source">A presigned address of the platform's own store, or a local file.</param>
/// <param name="SizeBytes">Size of the whole file.</param>
public sealed record ProbeInput(MediaInput Source, long SizeBytes)
{
    public static ProbeInput FromFile(string path) => new(MediaInput.FromFile(path), new FileInfo(path).Length);

    public static ProbeInput FromUrl(Uri url, long sizeBytes) => new(MediaInput.FromUrl(url), sizeBytes);
}

/// <summary>A media file that was looked at and found good.</summary>
public sealed record ProbeResult
{
    public required MediaInfo Media { get; init; }

    /// <summary>Seconds that a player shows for the longer of the main streams, measured, exact to a frame.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>MIME type, from the content.</summary>
    public required string ContentType { get; init; }
}
