namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>
/// Writes each line that a resource logs to <c>DATA_DIR/logs/NAME.log</c> and, after the resource's name, to the console. It keeps
/// the last lines for the report of a failed start.
/// </summary>
internal sealed class ResourceLogs(DataFolder data, ResourceNotificationService notifications, ResourceLoggerService loggers, TimeProvider time) : BackgroundService
{
    private const int KeptLines = 20;

    /// <summary>Of one file; the one before it is kept as NAME.log.1.</summary>
    private const long LimitBytes = 20 << 20;

    private static readonly Lock Writing = new();
    private readonly Dictionary<string, Queue<string>> _last = [];

    /// <summary>A line about a resource, not from it.</summary>
    public void Say(string resource, string line) => Write(resource, $"{time.GetUtcNow():O} *** {line}");

    /// <summary>A line of its own for people and scripts. Under a test, which reads the files, the console stays empty.</summary>
    public static void Announce(string line)
    {
        lock (Writing)
        {
            (HostSettings.IsOwnProcess ? Console.Out : TextWriter.Null).WriteLine(line);
        }
    }

    public IReadOnlyList<string> LastLines(string resource)
    {
        lock (Writing)
        {
            return [.. _last.GetValueOrDefault(resource, [])];
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var followed = new Dictionary<string, Task>();
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            if (!followed.ContainsKey(change.ResourceId))
            {
                followed.Add(change.ResourceId, FollowAsync(change.Resource.Name, change.ResourceId, stoppingToken));
            }
        }
    }

    private async Task FollowAsync(string name, string id, CancellationToken ct)
    {
        await foreach (var line in loggers.WatchAsync(id).SelectMany(lines => lines).WithCancellation(ct))
        {
            Write(name, line.Content);
        }
    }

    /// <param name="line">With the time before it, which the console leaves out.</param>
    private void Write(string name, string line)
    {
        var text = line.Length > 20 && line[10] == 'T' && line.IndexOf(' ', StringComparison.Ordinal) is var end and > 18 ? line[(end + 1)..] : line;
        lock (Writing)
        {
            var last = _last.TryGetValue(name, out var known) ? known : _last[name] = [];
            last.Enqueue(text);
            if (last.Count > KeptLines)
            {
                last.Dequeue();
            }

            Append(Path.Combine(data.Sub("logs"), $"{name}.log"), line);
        }

        Announce($"{name,-16} | {text}");
    }

    private static void Append(string path, string line)
    {
        try
        {
            File.AppendAllText(path, line + "\n");
            if (new FileInfo(path).Length > LimitBytes)
            {
                File.Move(path, path + ".1", overwrite: true);
            }
        }
        catch (IOException)
        {
            // A full disk must not end the platform through its log; the console still has the line.
        }
    }
}
