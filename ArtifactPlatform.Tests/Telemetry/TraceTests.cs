using System.Net.Http.Json;
using System.Security.Cryptography;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Tests.Ingest;
using ArtifactPlatform.Tests.Media;

namespace ArtifactPlatform.Tests.Telemetry;

/// <summary>What the services export by OTLP, seen from a collector.</summary>
public sealed class TraceTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_trace_spans_api_queue_worker_and_ffmpeg()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var source = server.AddFile(await File.ReadAllBytesAsync(await TestMedia.Mp4Async(), ct), ".mp4") + "?signature=hush";
        var traceId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

        var artifact = await CreateAsync(company, source, traceId);
        await company.CompletedAsync(artifact.Id);
        var spans = await ExportedAsync(traceId, "ffprobe");

        var request = Assert.Single(spans, IsRequest);
        var job = Assert.Single(spans, s => s.Service == "worker" && s.Name == "job ingest");
        Assert.Equal(request.SpanId, job.ParentId);
        Assert.Equal(artifact.Id, job.Attributes["job.subject"]);
        Assert.All(spans.Where(s => s.Name is "ffprobe" or "ffmpeg"), s => Assert.Contains(job.SpanId, Ancestors(spans, s)));
        Assert.All(spans.Where(s => s.Name is "ffprobe" or "ffmpeg"), s => Assert.Contains("process.exit_code", s.Attributes));
        Assert.All(spans.Where(s => s.Name is "ffprobe" or "ffmpeg"), s => Assert.NotEqual("other", s.Attributes["media.purpose"]));
        Assert.Equal("done", job.Attributes["job.outcome"]);
        Assert.Contains(spans, s => s.Service == "api" && s.Attributes.Values.Contains("postgresql"));
        Assert.DoesNotContain(spans, s => s.Attributes.Values.Any(v => v.Contains("hush", StringComparison.Ordinal) || v.Contains(company.ApiKey, StringComparison.Ordinal)));
        (string, string)[] measured = [("worker", "jobs.wait"), ("worker", "jobs.active"), ("worker", "jobs.duration"), ("worker", "media.run.duration")];
        await Eventually.TrueAsync(() => Task.FromResult(measured.All(platform.Telemetry.Metrics.Contains)), () => "the job in the metrics", Patience);
        // Redis calls are collected every ten seconds, and follow the other spans.
        await Eventually.TrueAsync(
            () => Task.FromResult(platform.Telemetry.Spans.Any(s => s.TraceId == traceId && s.Service == "api" && s.Attributes.Values.Contains("redis"))),
            () => $"a Redis call in trace {traceId}",
            Patience);
    }

    [Fact]
    public async Task Logs_and_metrics_are_exported_too()
    {
        (string, string)[] expected =
        [
            ("api", "http.server.request.duration"), ("web", "http.server.request.duration"), ("worker", "dotnet.gc.collections"),
            // Of the storage reconciler, which goes through the bucket from the start.
            ("worker", "storage.objects"), ("worker", "storage.orphans"), ("worker", "storage.orphans.size"), ("worker", "storage.missing"),
        ];
        await Eventually.TrueAsync(
            () => Task.FromResult(platform.Telemetry.ExportsOf("logs") > 0 && expected.All(platform.Telemetry.Metrics.Contains)),
            () => $"logs ({platform.Telemetry.ExportsOf("logs")} exports so far) and metrics ({string.Join(", ", platform.Telemetry.Metrics)}); unreadable: {string.Join("\n", platform.Telemetry.Failures)}",
            Patience);
    }

    /// <summary>Only traces whose caller asks for it are sampled in the test platform.</summary>
    private async Task<ArtifactObject> CreateAsync(TestCompany company, string url, string traceId)
    {
        using var http = company.CreateHttp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/artifacts/create") { Content = JsonContent.Create(new { name = "clip.mp4", type = "video", url }) };
        request.Headers.Add("traceparent", $"00-{traceId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}-01");
        using var response = await http.SendAsync(request, ct);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<ArtifactObject>(Client.Json.ContractJson.Options, ct))!;
    }

    /// <summary>The trace's spans, once the one that ends last of them has come in.</summary>
    private Task<ExportedSpan[]> ExportedAsync(string traceId, string program)
    {
        ExportedSpan[] Spans() => [.. platform.Telemetry.Spans.Where(s => s.TraceId == traceId)];
        return Eventually.GetAsync(
            () => Task.FromResult(Spans() is var spans && spans.Any(s => s.Name == program) && spans.Any(s => s.Name == "job ingest") && spans.Any(IsRequest) ? spans : null),
            () => $"trace {traceId}; so far {string.Join(", ", Spans().Select(s => $"{s.Service}: {s.Name}"))}; {platform.Telemetry.ExportsOf("traces")} exports, of them unreadable: {string.Join("\n", platform.Telemetry.Failures)}",
            Patience);
    }

    /// <summary>It ends, and is exported, after the queries that belong to it.</summary>
    private static bool IsRequest(ExportedSpan span) => span.Service == "api" && span.Name.StartsWith("POST", StringComparison.Ordinal) && span.Attributes.ContainsKey("url.path");

    private static List<string> Ancestors(ExportedSpan[] spans, ExportedSpan span)
    {
        var ids = new List<string>();
        while (spans.FirstOrDefault(s => s.SpanId == span.ParentId) is { } parent)
        {
            ids.Add(parent.SpanId);
            span = parent;
        }

        return ids;
    }
}
