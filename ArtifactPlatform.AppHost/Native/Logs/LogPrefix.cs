namespace ArtifactPlatform.NativeHosting.Logs;

/// <summary>Puts the resource's name before a line, all in one column; in colour where that can be seen (no-color.org).</summary>
internal sealed class LogPrefix(int width, bool coloured)
{
    private static readonly int[] Colours = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

    public static bool ConsoleHasColour =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <param name="index">The resource's place in the graph, which gives its colour.</param>
    public string Apply(string name, int index, string line)
    {
        var column = name.PadRight(width);
        return coloured ? $"\e[{Colours[index % Colours.Length]}m{column} |\e[0m {line}" : $"{column} | {line}";
    }
}
