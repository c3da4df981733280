using System.Globalization;
using System.Net;

namespace ArtifactPlatform.Tests.Hosting;

/// <summary>A process as it was once seen. Its number and its start tell it from a later one with the same number.</summary>
internal sealed record SeenProcess(int Pid, int Parent, string StartTime, string CommandLine)
{
    public bool IsAlive => ProcessTable.Read(Pid)?.StartTime == StartTime;
}

/// <summary>What runs on this machine and where it listens, from the kernel's tables (proc(5)).</summary>
internal static class ProcessTable
{
    private const string Listening = "0A";
    private const int FirstFieldAfterName = 2;

    /// <summary>Zombies aside.</summary>
    public static IReadOnlyList<SeenProcess> All =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? Read(pid) : null)
            .OfType<SeenProcess>(),
    ];

    /// <summary>Null when there is none, or only a zombie.</summary>
    public static SeenProcess? Read(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name before it may hold blanks and brackets.
            var fields = stat[(stat.LastIndexOf(')') + FirstFieldAfterName)..].Split(' ');
            return fields[0] is "Z" or "X"
                ? null
                : new SeenProcess(pid, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19], File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' '));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>These processes and all that they or their children started.</summary>
    public static IReadOnlyList<SeenProcess> TreesOf(params IEnumerable<int> roots)
    {
        var all = All;
        var found = roots.ToHashSet();
        while (all.Any(process => found.Contains(process.Parent) && found.Add(process.Pid)))
        {
        }

        return [.. all.Where(process => found.Contains(process.Pid))];
    }

    /// <summary>Where a process accepts TCP connections.</summary>
    public static IReadOnlyList<IPEndPoint> ListenersOf(int pid)
    {
        var inodes = DescriptorsOf(pid).Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target["socket:[".Length..^1]).ToHashSet();
        return
        [
            .. new[] { $"/proc/{pid}/net/tcp", $"/proc/{pid}/net/tcp6" }
                .Where(File.Exists)
                .SelectMany(File.ReadLines)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > 9 && fields[3] == Listening && inodes.Contains(fields[9]))
                .Select(fields => Parse(fields[1])),
        ];
    }

    /// <summary>What the descriptors of a process point to.</summary>
    public static IReadOnlyList<string> DescriptorsOf(int pid)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd")
                    .Select(descriptor => new FileInfo(descriptor).LinkTarget)
                    .OfType<string>(),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // Gone in the meantime.
        }
    }

    /// <summary>An address in the kernel's form: words of four bytes, each in the machine's order, and a port.</summary>
    internal static IPEndPoint Parse(string address)
    {
        var (host, port) = (address[..^5], address[^4..]);
        var bytes = Convert.FromHexString(host).Chunk(4).SelectMany(word => BitConverter.IsLittleEndian ? word.Reverse() : word).ToArray();
        return new IPEndPoint(new IPAddress(bytes), int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
