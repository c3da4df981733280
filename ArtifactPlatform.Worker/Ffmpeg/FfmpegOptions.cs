using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>Settings <c>Ffmpeg:*</c>: where the two programs are, and what one run of them may take.</summary>
public sealed record FfmpegOptions
{
    public const string Section = "Ffmpeg";

    /// <summary>A path, or a name to look up on PATH.</summary>
    [Required]
    public string FfmpegPath { get; init; } = "ffmpeg";

    /// <inheritdoc cref="FfmpegPath"/>
    [Required]
    public string FfprobePath { get; init; } = "ffprobe";

    /// <summary>Codec threads of one run; 0 = as many as there are cores.</summary>
    [Range(0, 64)]
    public int ThreadCount { get; init; }

    /// <summary>Scheduling niceness of a run that takes seconds: somebody may be waiting for it.</summary>
    [Range(0, 19)]
    public int Niceness { get; init; }

    /// <summary>Of an encode, which takes minutes: a third of the share of what is waited for, and not so little that a busy machine starves it.</summary>
    [Range(0, 19)]
    public int EncodeNiceness { get; init; } = 5;

    /// <summary>For reading a file's headers. Above <see cref="StallTimeLimit"/>, so that a store that stands still shows as that.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ProbeTimeLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For reading a whole file: 5 GB of MP3 are 36 h of sound, which decode in 5 to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ScanTimeLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>For one step of a join: one cut with its re-encode, or writing the joined file.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan JoinTimeLimit { get; init; } = TimeSpan.FromHours(2);

    /// <summary>For encoding one video in all its sizes: 4 h of 1080p take 6 to 8 h on 2 cores.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan EncodeTimeLimit { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Longest video that is encoded. A day's recording would come near <see cref="EncodeTimeLimit"/>, and is told so before hours were spent on it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan MaxVideoDuration { get; init; } = TimeSpan.FromHours(8);

    /// <summary>How long the store may send nothing before a run gives up on it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StallTimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of private memory of one run; a file that makes the decoder ask for more is refused. Linux only.</summary>
    [Range(256L << 20, 1L << 40)]
    public long MemoryLimitBytes { get; init; } = 8L << 30;

    /// <summary>Bytes that a file written by one run may grow to: four times the largest upload, for what is stored less tightly. Linux only.</summary>
    [Range(1L << 20, 1L << 44)]
    public long FileLimitBytes { get; init; } = 20L << 30;

    /// <summary>Short runs (probing, cutting) that one join has going at once.</summary>
    [Range(1, 64)]
    public int MaxParallelRuns { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 16);
}
