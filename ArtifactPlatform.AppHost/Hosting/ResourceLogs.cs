using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>
/// Writes each line that a resource logs to <c>DATA_DIR/logs/NAME.log</c> and, after the resource's name, to the console. It keeps
/// the last lines for the report of a failed start.
/// </summary>
internal sealed class ResourceLogs(DataFolder data, ResourceNotificationService notifications, ResourceLoggerService loggers, TimeProvider time) : IHostedService, IDisposable
{
    private const int KeptLines = 20;

    /// <summary>Of one file; the one before it is kept as NAME.log.1.</summary>
    private const long LimitBytes = 20 << 20;

    private static readonly Lock Console = new();
    private readonly ConcurrentDictionary<string, Log> _logs = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    public IReadOnlyList<string> LastLines(string resource) => [.. Of(resource).Last];

    /// <summary>A line about a resource, not from it.</summary>
    public void Say(string resource, string line) => Write(Of(resource), $"{time.GetUtcNow():O} *** {line}");

    /// <summary>A line of its own for people and scripts. Under a test, which reads the files, the console stays empty.</summary>
    public static void Announce(string line)
    {
        lock (Console)
        {
            (HostSettings.IsOwnProcess ? System.Console.Out : TextWriter.Null).WriteLine(line);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        data.Sub("logs");
        _work = FollowResourcesAsync();
        return Task.CompletedTask;
    }

    /// <summary>The first hosted service is the last to be stopped: what the others say while they stop is still written.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stop.Dispose();

    private async Task FollowResourcesAsync()
    {
        var followed = new Dictionary<string, Task>();
        await foreach (var change in notifications.WatchAsync(_stop.Token))
        {
            if (!followed.ContainsKey(change.ResourceId))
            {
                followed.Add(change.ResourceId, FollowAsync(Of(change.Resource.Name), change.ResourceId));
            }
        }
    }

    private async Task FollowAsync(Log log, string resourceId)
    {
        await foreach (var line in loggers.WatchAsync(resourceId).SelectMany(lines => lines).WithCancellation(_stop.Token))
        {
            Write(log, line.Content);
        }
    }

    private Log Of(string name) => _logs.GetOrAdd(name, name => new Log(name, Path.Combine(data.PathOf("logs"), $"{name}.log")));

    /// <param name="line">With the time before it, which the console leaves out.</param>
    private static void Write(Log log, string line)
    {
        var text = line.Length > 20 && line[10] == 'T' && line.IndexOf(' ', StringComparison.Ordinal) is var end and > 18 ? line[(end + 1)..] : line;
        lock (log)
        {
            log.Last.Enqueue(text);
            if (log.Last.Count > KeptLines)
            {
                log.Last.Dequeue();
            }

            try
            {
                File.AppendAllText(log.Path, line + "\n");
                if (new FileInfo(log.Path).Length > LimitBytes)
                {
                    File.Move(log.Path, log.Path + ".1", overwrite: true);
                }
            }
            catch (IOException)
            {
                // A full disk must not end the platform through its log; the console still has the line.
            }
        }

        Announce($"{log.Name,-16} | {text}");
    }

    private sealed record Log(string Name, string Path)
    {
        public Queue<string> Last { get; } = [];
    }
}
