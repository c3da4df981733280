namespace ArtifactPlatform.Core.Videos;

/// <summary>
/// One finished set of renditions under one prefix of the store, as its <c>package.json</c> tells it. Manifests are written from this
/// when they are asked for; it never changes, for another run writes under another prefix.
/// </summary>
public sealed record VideoPackage
{
    /// <summary>Name of the file that holds this record, next to what it names.</summary>
    public const string FileName = "package.json";

    /// <summary>Seconds.</summary>
    public required double Duration { get; init; }

    /// <summary>Highest first; empty for sound alone.</summary>
    public required IReadOnlyList<VideoRendition> Video { get; init; }

    /// <summary>The default first; empty for pictures without sound.</summary>
    public required IReadOnlyList<AudioRendition> Audio { get; init; }

    /// <summary>Null while there is none.</summary>
    public Storyboard? Storyboard { get; init; }

    /// <summary>The poster's moment, seconds; null while there is none.</summary>
    public double? PosterSeconds { get; init; }
}

/// <summary>A single-file CMAF track: the initialization segment, then all media segments one after the other.</summary>
/// <param name="File">Name under the package's prefix.</param>
/// <param name="Codecs">RFC 6381: <c>avc1.64001f</c>, <c>mp4a.40.2</c>.</param>
/// <param name="PeakBitsPerSecond">Of the fattest segment.</param>
/// <param name="AverageBitsPerSecond">Over the whole track.</param>
/// <param name="InitLength">Bytes of the initialization segment, which starts at 0.</param>
/// <param name="Segments">In order; each starts with a keyframe.</param>
public sealed record PackagedTrack(string File, string Codecs, long PeakBitsPerSecond, long AverageBitsPerSecond, long InitLength, IReadOnlyList<PackagedSegment> Segments)
{
    /// <returns>Seconds at which the segment begins that <paramref name="seconds"/> lies in; behind the end, the last one.</returns>
    public double SegmentStart(double seconds)
    {
        var start = 0.0;
        foreach (var segment in Segments.SkipLast(1))
        {
            if (seconds < start + segment.Seconds)
            {
                break;
            }

            start += segment.Seconds;
        }

        return start;
    }
}

/// <param name="Offset">Bytes from the file's start.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Seconds">Exact length, as the track's own timestamps have it; a coder's priming, which is not heard, is left out.</param>
public sealed record PackagedSegment(long Offset, long Length, double Seconds);

/// <summary>One rung.</summary>
/// <param name="Height">Pixels, as shown (rotation baked in); so is <paramref name="Width"/>.</param>
/// <param name="Rung">What people call it, by the short side: 720 for 1280x720 and for 720x1280.</param>
/// <param name="FrameRate">Frames a second; the average where it varies.</param>
/// <param name="TargetKbps">The encode's target in kb/s; the measured average where the stream was copied.</param>
/// <param name="Mp4File">The progressive MP4 with picture and default sound; null while there is none.</param>
/// <param name="Mp4Size">Its bytes.</param>
public sealed record VideoRendition(PackagedTrack Track, int Width, int Height, int Rung, double FrameRate, int TargetKbps, string? Mp4File = null, long? Mp4Size = null);

/// <param name="Language">BCP 47; <c>und</c> when the source does not say.</param>
/// <param name="Name">For people: the source's title or the language; no two in one package are the same.</param>
public sealed record AudioRendition(PackagedTrack Track, string Language, string Name, bool IsDefault, int Channels, int SampleRate);

/// <summary>A sheet of small frames for hovering over the timeline.</summary>
/// <param name="File">One JPEG.</param>
/// <param name="TileWidth">Pixels; so is <paramref name="TileHeight"/>.</param>
/// <param name="IntervalSeconds">Time from one tile to the next.</param>
/// <param name="Count">Tiles used, row by row; the sheet's last row may have blank ones behind.</param>
public sealed record Storyboard(string File, int TileWidth, int TileHeight, int Columns, int Rows, double IntervalSeconds, int Count);
