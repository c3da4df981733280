using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Core.Videos;

/// <summary>Settings <c>Playback:*</c>.</summary>
public sealed record PlaybackOptions
{
    /// <summary>Root of the Api as players and browsers reach it; the addresses in video objects begin with it.</summary>
    [Required]
    public Uri PublicUrl { get; init; } = new("http://localhost:8080");
}

/// <summary>The addresses that video objects carry.</summary>
public sealed class PlaybackUrls(IOptions<PlaybackOptions> options)
{
    private readonly string root = options.Value.PublicUrl.AbsoluteUri.TrimEnd('/');

    public string Of(string playbackId, string file) => $"{root}/play/{playbackId}/{file}";

    public string Source(string artifactId) => $"{root}/api/v1/artifacts/{artifactId}/download";
}
