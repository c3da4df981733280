namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>What ffmpeg reads: a local file, or an address of the platform's own store. Never a caller's address.</summary>
public sealed record MediaInput
{
    private MediaInput()
    {
    }

    /// <summary>Full path; null for an address.</summary>
    public string? FilePath { get; private init; }

    /// <summary>Presigned, so a secret; null for a file.</summary>
    public Uri? Url { get; private init; }

    public static MediaInput FromFile(string path) => new() { FilePath = Path.GetFullPath(path) };

    /// <param name="url">http or https.</param>
    public static MediaInput FromUrl(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps
            ? new() { Url = url }
            : throw new ArgumentException("Only http and https can be read.", nameof(url));
    }

    /// <summary>The file's path, or the address without its query string.</summary>
    public override string ToString() => FilePath ?? Url?.GetLeftPart(UriPartial.Path) ?? "";
}
