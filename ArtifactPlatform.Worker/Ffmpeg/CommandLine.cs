using System.Diagnostics;
using System.Globalization;

namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>The whole command line of a run: guards, program, common arguments, own arguments.</summary>
internal static class CommandLine
{
    public static ProcessStartInfo For(MediaCommand command, FfmpegOptions options)
    {
        IReadOnlyList<string> words = [.. Guards(command, options), .. Program(command, options), .. command.Arguments];
        return new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
    }

    /// <summary>
    /// Each of these sets one thing on itself and then becomes the next program, so the run keeps one process id: killed when the
    /// worker dies, bounded in memory and file size, nice to the worker.
    /// </summary>
    internal static IEnumerable<string> Guards(MediaCommand command, FfmpegOptions options)
    {
        if (GuardPrograms.SetPriv is { } setPriv)
        {
            yield return setPriv;
            yield return "--pdeathsig";
            yield return "KILL";
        }

        if (GuardPrograms.PrLimit is { } prLimit)
        {
            yield return prLimit;
            yield return Invariant($"--data={options.MemoryLimitBytes}");
            yield return "--core=0";
            yield return Invariant($"--fsize={command.FileLimitBytes ?? options.FileLimitBytes}");
        }

        if (GuardPrograms.Nice is { } nice)
        {
            yield return nice;
            yield return "-n";
            yield return Invariant($"{(command.IsEncode ? options.EncodeNiceness : options.Niceness)}");
        }
    }

    private static IEnumerable<string> Program(MediaCommand command, FfmpegOptions options)
    {
        if (command.Tool == MediaTool.Ffprobe)
        {
            return [options.FfprobePath, "-hide_banner", "-v", "error"];
        }

        IEnumerable<string> common = [options.FfmpegPath, "-hide_banner", "-nostdin", "-nostats", "-v", "error"];
        return command.OnProgress is null ? common : common.Concat(["-progress", "pipe:1", "-stats_period", "0.5"]);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>From util-linux and coreutils; on a system without them the runs go unguarded.</summary>
    private static class GuardPrograms
    {
        public static readonly string? SetPriv = Find("setpriv");
        public static readonly string? PrLimit = Find("prlimit");
        public static readonly string? Nice = Find("nice");

        private static string? Find(string name) => OperatingSystem.IsLinux()
            ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Append("/usr/bin").Append("/bin")
                .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            : null;
    }
}
