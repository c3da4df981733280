namespace ArtifactPlatform.NativeHosting.Logs;

/// <summary>The logs of all resources of one copy.</summary>
/// <param name="folder">Where <c>name.log</c> files go.</param>
/// <param name="console">Null to show nothing, as tests do.</param>
internal sealed class LogBook(string folder, ConsoleWriter? console, LogPrefix prefix) : IDisposable
{
    private const string Host = "host";
    private readonly Dictionary<string, ResourceLog> _logs = [];
    private readonly Lock _gate = new();

    public ResourceLog Of(string name)
    {
        lock (_gate)
        {
            if (!_logs.TryGetValue(name, out var log))
            {
                var index = _logs.Count;
                log = new ResourceLog(
                    new RollingFile(Path.Combine(folder, $"{name}.log")),
                    line => console?.WriteLine(prefix.Apply(name, index, line)));
                _logs.Add(name, log);
            }

            return log;
        }
    }

    /// <summary>What the engine says of itself.</summary>
    public void Say(string line) => Of(Host).Say(line);

    /// <summary>A line of its own, without a prefix, for people and scripts that read this program's output.</summary>
    public void Announce(string text) => console?.WriteLine(text);

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var log in _logs.Values)
            {
                log.Dispose();
            }
        }
    }
}

/// <summary>What one resource writes, and what the engine says of it.</summary>
internal sealed class ResourceLog(RollingFile file, Action<string> show) : IDisposable
{
    private const int KeptLines = 2_000;
    private readonly LineBuffer _last = new(KeptLines);

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> Lines => _last.Lines;

    /// <summary>Keeps the resource's own lines off the console, where they would drown the others'.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>A line of the resource's own.</summary>
    public void Write(string line)
    {
        Keep(line);
        if (!IsQuiet)
        {
            show(line);
        }
    }

    /// <summary>A line of the engine's about the resource.</summary>
    public void Say(string line)
    {
        Keep($"*** {line}");
        show($"*** {line}");
    }

    public void Dispose() => file.Dispose();

    private void Keep(string line)
    {
        file.WriteLine(line);
        _last.Add(line);
    }
}
