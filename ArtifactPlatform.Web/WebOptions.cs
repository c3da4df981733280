using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Web;

/// <summary>Settings of the dashboard, section <c>Web</c>.</summary>
public sealed record WebOptions
{
    public const string Section = "Web";

    /// <summary>Folder for the keys that protect sign-in cookies; all replicas share it. Left out = ASP.NET Core's own default.</summary>
    public string? KeysPath { get; init; }

    /// <summary>
    /// Origins that browsers may upload to, as <c>https://store.example.com</c>: the public address of the object store. Left out = any,
    /// since the dashboard learns the store's address only from the presigned URLs.
    /// </summary>
    public IReadOnlyList<Uri> UploadOrigins { get; init; } = [];

    /// <summary>
    /// Origins that the video pages load from: the Api's public address (playlists, pictures) and the object store's (media). Left out =
    /// any, since the dashboard learns both only from the video objects.
    /// </summary>
    public IReadOnlyList<Uri> MediaOrigins { get; init; } = [];

    /// <summary>How long a session is trusted before the platform is asked about it again, on a page load. 0 asks every time.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan SessionCheckInterval { get; init; } = TimeSpan.FromSeconds(15);
}
