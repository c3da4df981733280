using System.Globalization;

namespace ArtifactPlatform.NativeHosting.Data;

/// <summary>Who listens on a port, from the kernel's tables (proc(5): /proc/net/tcp, /proc/pid/fd).</summary>
internal static class PortOwner
{
    private const string Listening = "0A";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>A line for the person who chose the port.</summary>
    public static string Explain(string variable, int port) =>
        $"{variable} {port} is in use by {(Find(port) is { } owner ? $"pid {owner.Pid} ({owner.Name})" : "another process")}; set {variable} to a free port";

    /// <summary>Null when it is another user's process, which only root may look into.</summary>
    public static (int Pid, string Name)? Find(int port)
    {
        var sockets = Tables
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => ListeningInode(line, port))
            .OfType<string>()
            .Select(inode => $"socket:[{inode}]")
            .ToHashSet();
        if (sockets.Count == 0)
        {
            return null;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Holds(folder, sockets))
            {
                return (pid, NameOf(folder));
            }
        }

        return null;
    }

    /// <summary>The inode in a line of /proc/net/tcp, when it is a socket that listens on the port.</summary>
    internal static string? ListeningInode(string line, int port)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal)
            ? fields[9]
            : null;
    }

    /// <summary>The kernel keeps 15 characters of a name; the command line has it whole.</summary>
    private static string NameOf(string folder)
    {
        var name = File.ReadAllText(Path.Combine(folder, "comm")).Trim();
        var program = Path.GetFileName(File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0')[0]);
        return program.StartsWith(name, StringComparison.Ordinal) ? program : name;
    }

    private static bool Holds(string folder, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(folder, "fd"))
                .Any(descriptor => File.ResolveLinkTarget(descriptor, returnFinalTarget: false) is { } link && sockets.Contains(Path.GetFileName(link.FullName)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Gone in between, or not ours to see.
        }
    }
}
