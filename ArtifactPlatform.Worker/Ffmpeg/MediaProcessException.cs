namespace ArtifactPlatform.Worker.Ffmpeg;

public enum MediaFailure
{
    /// <summary>The program is missing or can't be executed.</summary>
    NotStarted,

    /// <summary>It ended by itself with an error.</summary>
    Failed,

    /// <summary>It crashed: a broken file met a bug.</summary>
    Crashed,

    /// <summary>Someone else killed it: the system for want of memory, or an operator.</summary>
    Killed,
    TimeLimit,
    OutputLimit,
}

/// <summary>ffmpeg or ffprobe did not do its work. Neither the message nor the lines hold an address's query string.</summary>
public sealed class MediaProcessException(MediaTool tool, MediaFailure failure, int? exitCode, string lastLines, string detail, Exception? cause = null)
    : Exception(lastLines.Length > 0 ? $"{Name(tool)} {detail}: {lastLines}" : $"{Name(tool)} {detail}.", cause)
{
    public MediaTool Tool { get; } = tool;

    public MediaFailure Failure { get; } = failure;

    public int? ExitCode { get; } = exitCode;

    /// <summary>The end of standard error.</summary>
    public string LastLines { get; } = lastLines;

    private static string Name(MediaTool tool) => tool == MediaTool.Ffmpeg ? "ffmpeg" : "ffprobe";
}
