using ArtifactPlatform.Bench;

// Each benchmark stands beside a baseline that is measured in the same run; what counts is the ratio.
// An argument runs only those whose name holds it: ./bench.sh video
(string Name, Func<Stand, Task<IReadOnlyList<BenchResult>>> Run)[] all =
[
    ("start", async stand => [await StartLatency.RunAsync(stand)]),
    ("url", async stand => [await UrlThroughput.RunAsync(stand)]),
    ("memory", async stand => [await IngestMemory.RunAsync(stand)]),
    ("events", LiveStreams.RunAsync),
    ("video", VideoTimes.RunAsync),
];
await using var stand = await Stand.StartAsync();
var results = new List<BenchResult>();
foreach (var (_, run) in all.Where(b => args is not [var part, ..] || b.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))
{
    results.AddRange(await run(stand));
}

BenchResult.Print(results);
return results.All(r => r.Met) ? 0 : 1;
