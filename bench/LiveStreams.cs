using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Events;

namespace ArtifactPlatform.Bench;

/// <summary>
/// A thousand clients follow one company, the worst case: every event goes to each of them. From the event's <c>createdAt</c>, which
/// its transaction takes right before it commits, until its bytes are read; beside the same with one client. The clients run here, on
/// the same cores.
/// </summary>
public static class LiveStreams
{
    private const int Clients = 1000;

    /// <summary>Opened a second: below what one key may ask for, see <c>RateLimits:RequestsPerSecond</c>.</summary>
    private const int OpenedPerSecond = 80;

    private const int Events = 100;

    /// <summary>Five events a second, half a minute of a busy company.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const double MaxMegabytes = 300;

    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(200);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(Stand stand)
    {
        var created = await stand.Client.CreateArtifactAsync(new() { Name = "small.wav", Type = ArtifactType.Audio, Url = stand.SmallFile }, CancellationToken.None);
        var artifact = await StartLatency.EndAsync(stand, created.Id);
        var alone = await MeasureAsync(stand, artifact, 1);
        var many = await MeasureAsync(stand, artifact, Clients);
        return
        [
            new($"commit → read by {Clients} clients, p95 (p50 {many.P50:0} ms, last {many.Last:0} ms)", many.P95, alone.P95, "ms", "one client", $"≤ {MaxDelay.TotalMilliseconds} ms", many.P95 <= MaxDelay.TotalMilliseconds),
            new($"Api's memory with {Clients} live streams", many.Megabytes, alone.Megabytes, "MB", "one client", $"≤ {MaxMegabytes} MB", many.Megabytes <= MaxMegabytes),
        ];
    }

    private static async Task<(double P50, double P95, double Last, double Megabytes)> MeasureAsync(Stand stand, ArtifactObject artifact, int clients)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = clients }) { BaseAddress = stand.ApiUrl, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stand.ApiKey);
        using var end = new CancellationTokenSource();
        var read = new ConcurrentBag<(string EventId, DateTimeOffset At)>();
        var readers = new List<Task>();
        foreach (var wave in Enumerable.Range(0, clients).Chunk(OpenedPerSecond))
        {
            var opened = await Task.WhenAll(wave.Select(_ => OpenAsync(http)));
            readers.AddRange(opened.Select(stream => ReadAsync(stream, read, end.Token)));
            await Task.Delay(TimeSpan.FromSeconds(wave.Length < OpenedPerSecond ? 0 : 1));
        }

        // Events are shown by the millisecond, cut off.
        var (pid, peak, start) = (stand.Platform.GetProcessId("api"), 0.0, TimeProvider.System.GetUtcNow().AddMilliseconds(-1));
        for (var i = 0; i < Events; i++)
        {
            await CommitAsync(stand, artifact);
            peak = Math.Max(peak, ProcessMemory.ResidentMegabytes(pid));
            await Task.Delay(Pause);
        }

        for (var waited = TimeSpan.Zero; read.Count < Events * clients && waited < Patience; waited += Pause)
        {
            await Task.Delay(Pause);
        }

        await end.CancelAsync();
        await Task.WhenAll(readers);
        var committed = await CommitsAsync(stand, start);
        var delays = read.Select(r => (r.At - committed[r.EventId]).TotalMilliseconds).Order().ToList();
        return delays.Count == Events * clients
            ? (delays[delays.Count / 2], delays[(int)(0.95 * (delays.Count - 1))], delays[^1], peak)
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{clients} clients read {delays.Count} events instead of {Events * clients}."));
    }

    /// <summary>One event about the artifact as it is, written and announced as the services do it.</summary>
    private static async Task CommitAsync(Stand stand, ArtifactObject artifact)
    {
        await using (var db = stand.Database())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var json = JsonSerializer.Serialize(artifact, ContractJson.Options);
            await new EventLog(TimeProvider.System).AppendAsync(db, artifact.Company.Id, EventTypes.ArtifactCreated, artifact.Id, json, CancellationToken.None);
            await transaction.CommitAsync();
        }

        await stand.Nudge.SendAsync(artifact.Company.Id);
    }

    private static async Task<Stream> OpenAsync(HttpClient http)
    {
        var response = await http.GetAsync("api/v1/events/stream", HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStreamAsync();
    }

    private static async Task ReadAsync(Stream stream, ConcurrentBag<(string EventId, DateTimeOffset At)> read, CancellationToken ct)
    {
        await using var owned = stream;
        using var lines = new StreamReader(stream);
        try
        {
            while (await lines.ReadLineAsync(ct) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                {
                    read.Add((line[4..], TimeProvider.System.GetUtcNow()));
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static async Task<Dictionary<string, DateTimeOffset>> CommitsAsync(Stand stand, DateTimeOffset since)
    {
        var (commits, after) = (new Dictionary<string, DateTimeOffset>(), (string?)null);
        while (true)
        {
            var page = await stand.Client.ListEventsAsync(after, null, 1000, CancellationToken.None);
            foreach (var e in page.Data.Where(e => e.CreatedAt > since))
            {
                commits[e.Id] = e.CreatedAt;
            }

            if (!page.HasMore)
            {
                return commits;
            }

            after = page.Data[^1].Id;
        }
    }
}
