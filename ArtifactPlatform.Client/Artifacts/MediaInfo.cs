namespace ArtifactPlatform.Client.Artifacts;

/// <summary>What the probe found in a media file.</summary>
public sealed record MediaInfo
{
    /// <summary>Container by its common name: <c>mp4</c>, <c>mov</c>, <c>webm</c>, <c>matroska</c>, <c>mp3</c>, <c>wav</c>, <c>flac</c>, ….</summary>
    public required string Container { get; init; }

    /// <summary>Bits per second over the whole file.</summary>
    public long? BitRate { get; init; }

    /// <summary>Codec of the main video stream; null without one. Cover art does not count.</summary>
    public string? VideoCodec { get; init; }

    /// <summary>Codec of the main audio stream; null without one.</summary>
    public string? AudioCodec { get; init; }

    /// <summary>Pixels as a viewer sees them: after rotation and with square pixels.</summary>
    public int? Width { get; init; }

    /// <inheritdoc cref="Width"/>
    public int? Height { get; init; }

    /// <summary>Degrees clockwise that a player turns the coded picture: 0, 90, 180 or 270.</summary>
    public int? Rotation { get; init; }

    /// <summary>Frames per second, the average over the file.</summary>
    public double? FrameRate { get; init; }

    /// <summary>The time between frames varies.</summary>
    public bool? VariableFrameRate { get; init; }

    public int? Channels { get; init; }

    /// <summary>Hertz.</summary>
    public int? SampleRate { get; init; }

    /// <summary><c>hdr10</c> (PQ) or <c>hlg</c>; null for standard dynamic range.</summary>
    public string? Hdr { get; init; }

    public required IReadOnlyList<MediaStream> Streams { get; init; }
}

/// <summary>One stream of a media file, as it is coded.</summary>
public sealed record MediaStream
{
    public required int Index { get; init; }

    /// <summary><c>video</c>, <c>audio</c>, <c>subtitle</c> or <c>data</c>.</summary>
    public required string Kind { get; init; }

    public string? Codec { get; init; }

    public string? Profile { get; init; }

    /// <summary>Seconds.</summary>
    public double? Duration { get; init; }

    /// <summary>Bits per second.</summary>
    public long? BitRate { get; init; }

    /// <summary>Coded pixels, before rotation.</summary>
    public int? Width { get; init; }

    /// <inheritdoc cref="Width"/>
    public int? Height { get; init; }

    public string? PixelFormat { get; init; }

    public double? FrameRate { get; init; }

    /// <summary>Interlaced fields: <c>tt</c>, <c>bb</c>, <c>tb</c>, <c>bt</c>; null when progressive or unknown.</summary>
    public string? FieldOrder { get; init; }

    /// <summary>Width to height of one pixel, as <c>4:3</c>; null when square.</summary>
    public string? SampleAspectRatio { get; init; }

    public string? ColorTransfer { get; init; }

    public int? Channels { get; init; }

    public string? ChannelLayout { get; init; }

    /// <summary>Hertz.</summary>
    public int? SampleRate { get; init; }

    /// <summary>ISO 639-2 code from the file; null when not given.</summary>
    public string? Language { get; init; }

    /// <summary>A cover picture rather than moving video.</summary>
    public bool AttachedPicture { get; init; }
}
