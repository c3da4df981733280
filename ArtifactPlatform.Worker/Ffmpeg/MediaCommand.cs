namespace ArtifactPlatform.Worker.Ffmpeg;

public enum MediaTool
{
    Ffmpeg,
    Ffprobe,
}

/// <summary>One run of ffmpeg or ffprobe. At most one of the ways to take standard output may be set; with none it is captured as text.</summary>
public sealed record MediaCommand
{
    /// <summary>64 MiB: the packets of a long file come by <see cref="OnLine"/>, which is not limited by this.</summary>
    public const long DefaultOutputLimitBytes = 64L << 20;

    public required MediaTool Tool { get; init; }

    /// <summary>Without the program and without <c>-hide_banner</c>, <c>-nostdin</c>, <c>-v</c> and <c>-progress</c>, which the runner adds.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    public required TimeSpan TimeLimit { get; init; }

    /// <summary>What the run is for, in a few fixed words for traces and metrics: <c>read headers</c>.</summary>
    public string Purpose { get; init; } = "other";

    /// <summary>Takes minutes: it runs with <see cref="FfmpegOptions.EncodeNiceness"/>.</summary>
    public bool IsEncode { get; init; }

    /// <summary>Bytes of standard output that are kept or copied before the run is stopped.</summary>
    public long OutputLimitBytes { get; init; } = DefaultOutputLimitBytes;

    /// <summary>Bytes that any one file may grow to; null = <see cref="FfmpegOptions.FileLimitBytes"/>.</summary>
    public long? FileLimitBytes { get; init; }

    /// <summary>Called with each line of standard output as it comes, on one thread at a time.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>Makes ffmpeg report its progress on standard output; called about twice a second and at the end.</summary>
    public Action<FfmpegProgress>? OnProgress { get; init; }

    /// <summary>Takes standard output as bytes.</summary>
    public Stream? Output { get; init; }

    /// <summary>What the program reads as <c>pipe:0</c>; null = nothing.</summary>
    public Stream? Input { get; init; }
}

/// <summary>A run that ended well.</summary>
/// <param name="StandardOutput">Empty when it was taken line by line, as progress or as bytes.</param>
/// <param name="LastLines">The end of standard error, without addresses' secrets: empty unless something was odd.</param>
public sealed record MediaRun(string StandardOutput, string LastLines);
