using System.Text;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Database;

namespace ArtifactPlatform.Core.Storage;

/// <summary>Where things stand in the platform's bucket. Names that users choose never become part of a path, but for a cleaned last segment.</summary>
public static class ObjectKeys
{
    /// <summary>Everything an artifact owns; delete removes all below it.</summary>
    public const string ArtifactsRoot = "uploads/";

    /// <summary>Presigned PUTs land here. A key here can be overwritten as long as its URL lives, so finished files are copied out.</summary>
    public const string IncomingRoot = "incoming/";

    /// <summary>Uploads that no artifact was created from yet.</summary>
    public const string TempRoot = "temp/";

    /// <summary>Packages, captions and cached frames of videos.</summary>
    public const string VideosRoot = "videos/";

    /// <summary>What was deposited in docks, and verified.</summary>
    public const string DocksRoot = "docks/";

    /// <summary>What the storage doctor writes while it looks.</summary>
    public const string DoctorRoot = "doctor/";

    private const int MaxExtensionLength = 8;
    private const int MaxTempNameLength = 100;

    /// <summary>All that an artifact owns stands below this.</summary>
    public static string ArtifactPrefix(string artifactId) => $"{ArtifactsRoot}{artifactId}/";

    /// <summary><c>uploads/{id}/source_video.mp4</c>; a retry writes to <c>uploads/{id}/2/…</c>, so that a late first attempt can't touch it.</summary>
    public static string Artifact(string artifactId, int attempt, ArtifactType type, string name) =>
        $"{ArtifactPrefix(artifactId)}{(attempt > 1 ? $"{attempt}/" : "")}source_{type.Word()}{Extension(name)}";

    /// <summary>Where one finalize of a single upload keeps the bytes: a key of its own, so that two at once don't meet.</summary>
    public static string StoredUpload(string artifactId, ArtifactType type, string name) =>
        $"{ArtifactPrefix(artifactId)}{Guid.NewGuid():N}/source_{type.Word()}{Extension(name)}";

    public static string Incoming(string artifactId) => $"{IncomingRoot}{artifactId}/source";

    /// <summary>The artifact, of a dock or not, that a key of <see cref="Incoming"/> belongs to; null for any other key.</summary>
    public static string? IncomingArtifact(string key)
    {
        var parts = key.Split('/');
        return parts is ["incoming", var id, "source"] ? id : null;
    }

    public static string Temp(string id, string fileName) => $"{TempPrefix(id)}{CleanName(fileName)}";

    /// <summary>All that a temporary upload owns stands below this.</summary>
    public static string TempPrefix(string id) => $"{TempRoot}{id}/";

    /// <summary>All that a video owns, but for its source, stands below this.</summary>
    public static string VideoPrefix(string videoId) => $"{VideosRoot}{videoId}/";

    /// <summary>One package: written once, never changed.</summary>
    public static string PackagePrefix(string videoId, string package) => $"{VideoPrefix(videoId)}{package}/";

    public static string PackageFile(string videoId, string package, string file) => PackagePrefix(videoId, package) + file;

    public static string CaptionsPrefix(string videoId) => $"{VideoPrefix(videoId)}captions/";

    public static string Caption(string videoId, string captionId) => $"{CaptionsPrefix(videoId)}{captionId}.vtt";

    /// <summary>All that a dock's artifact has stored stands below this.</summary>
    public static string DepositPrefix(string dockArtifactId) => $"{DocksRoot}{dockArtifactId}/";

    /// <summary><c>docks/{id}/content.pdf</c>; a run that takes over writes to <c>docks/{id}/2/…</c>.</summary>
    public static string Deposit(string dockArtifactId, int attempt, string filename) =>
        $"{DepositPrefix(dockArtifactId)}{(attempt > 1 ? $"{attempt}/" : "")}content{Extension(filename)}";

    /// <summary>The artifact that a key of <see cref="Deposit"/> was written for; others may lead to it as well.</summary>
    public static string DepositOwner(string key) => key.Split('/')[1];

    /// <summary>The extension of <paramref name="name"/> with its dot, lower case, where it is plain letters and digits; else nothing.</summary>
    public static string Extension(string name)
    {
        var dot = name.LastIndexOf('.');
        var extension = dot < 0 ? "" : name[(dot + 1)..];
        return extension.Length is > 0 and <= MaxExtensionLength && extension.All(char.IsAsciiLetterOrDigit) ? "." + extension.ToLowerInvariant() : "";
    }

    /// <summary>Keeps letters, digits, dot, dash and underscore; anything else becomes a dash. Never empty, never only dots.</summary>
    private static string CleanName(string fileName)
    {
        var clean = new StringBuilder();
        foreach (var c in fileName.Take(MaxTempNameLength))
        {
            clean.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-');
        }

        return clean.ToString().Trim('.') is { Length: > 0 } name ? name : "file";
    }
}
