using ArtifactPlatform.Bench;

// Each benchmark stands beside a baseline that is measured in the same run; what counts is the ratio.
await using var stand = await Stand.StartAsync();
var results = new List<BenchResult>
{
    await StartLatency.RunAsync(stand),
    await UrlThroughput.RunAsync(stand),
    await IngestMemory.RunAsync(stand),
};
results.AddRange(await VideoTimes.RunAsync(stand));
BenchResult.Print(results);
return results.All(r => r.Met) ? 0 : 1;
