namespace ArtifactPlatform.Core.Videos;

/// <summary>Names of a package's files that are not named in <see cref="VideoPackage"/>.</summary>
public static class PackageFiles
{
    public const string Poster = "poster.jpg";
    public const string Waveform = "waveform.json";
}
