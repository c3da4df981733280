using System.Globalization;

namespace ArtifactPlatform.NativeHosting.Processes;

/// <summary>A process as the kernel lists it (proc(5), /proc/pid/stat).</summary>
/// <param name="StartTicks">Clock ticks between boot and its start: with the pid, it is never the same for two processes.</param>
internal sealed record ProcessEntry(int Pid, int Parent, char State, long StartTicks)
{
    /// <summary>A zombie holds nothing any more but its entry.</summary>
    public bool IsAlive => State is not ('Z' or 'X');
}

internal static class ProcessTable
{
    public static ProcessEntry? Find(int pid)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (IOException)
        {
            return null; // gone
        }
    }

    public static bool IsAlive(int pid) => Find(pid) is { IsAlive: true };

    /// <summary>A process and all that descend from it, parents first.</summary>
    public static IReadOnlyList<int> Tree(int root)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? Find(pid) : null)
            .OfType<ProcessEntry>()
            .ToLookup(entry => entry.Parent, entry => entry.Pid);
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i]]);
        }

        return tree;
    }

    internal static ProcessEntry? Parse(string stat)
    {
        // "pid (comm) state ppid …": comm may hold spaces and parentheses, so count from the last one.
        var end = stat.LastIndexOf(')');
        var fields = stat[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return end < 0 || fields.Length < 20
            ? null
            : new ProcessEntry(Number(stat[..stat.IndexOf(' ', StringComparison.Ordinal)]), Number(fields[1]), fields[0][0], long.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
