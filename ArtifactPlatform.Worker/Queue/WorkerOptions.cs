using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Worker.Queue;

/// <summary>Settings <c>Worker:*</c>.</summary>
public sealed record WorkerOptions
{
    /// <summary>Jobs at once in this process. Taking in waits on networks more than on processors, so more than one a core pays.</summary>
    [Range(1, 64)]
    public int Concurrency { get; init; } = 4;

    /// <summary>How long a job belongs to a worker that has gone silent. Less takes over sooner; too little mistakes a busy machine for a dead one.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:05:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long running jobs may go on after a stop was asked for; what is left then is handed back.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Longest run of one job; a stuck one is stopped and tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan JobTimeLimit { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Folder for files that ffmpeg must seek in; they are deleted after each job. <see cref="Scratch"/> creates it with mode 0700.</summary>
    [Required]
    public string ScratchPath { get; init; } = Scratch.DefaultPath;
}
