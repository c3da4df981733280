using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ArtifactPlatform.Tests.Telemetry;

/// <summary>A span as a service exported it.</summary>
public sealed record ExportedSpan(string Service, string TraceId, string SpanId, string ParentId, string Name, IReadOnlyDictionary<string, string> Attributes);

/// <summary>Takes what the services export by OTLP over HTTP, on 127.0.0.1, and keeps the latest.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private const int MaxSpans = 20_000;

    /// <summary>Of what came in for traces and logs; a whole run of all tests sends less.</summary>
    private const long MaxKeptBytes = 256 << 20;

    private readonly WebApplication app;
    private readonly ConcurrentQueue<ExportedSpan> spans = new();
    private readonly ConcurrentDictionary<(string Service, string Name), bool> metrics = new();
    private readonly ConcurrentDictionary<string, int> exports = new();
    private readonly ConcurrentQueue<string> failures = new();

    private readonly ConcurrentQueue<byte[]> bodies = new();
    private long keptBytes;

    private OtlpCollector(WebApplication app) => this.app = app;

    public string Endpoint => app.Urls.First();

    public IReadOnlyCollection<ExportedSpan> Spans => spans;

    /// <summary>Those that had a value.</summary>
    public IReadOnlyCollection<(string Service, string Name)> Metrics => [.. metrics.Keys];

    /// <summary>How many requests came in for <c>traces</c>, <c>metrics</c> or <c>logs</c>.</summary>
    public int ExportsOf(string signal) => exports.GetValueOrDefault(signal);

    /// <summary>Exports that could not be read.</summary>
    public IReadOnlyCollection<string> Failures => failures;

    /// <summary>Whether a text stands in any trace or log that came in. Protobuf keeps texts as they are.</summary>
    public bool Holds(string text) => Find(text) is not null;

    /// <summary>A text in a trace or log with what stands around it; null when it is in none.</summary>
    public string? Find(string text)
    {
        const int Around = 1000;
        var sought = Encoding.UTF8.GetBytes(text);
        foreach (var body in bodies)
        {
            if (body.AsSpan().IndexOf(sought) is >= 0 and var at)
            {
                var found = body[Math.Max(0, at - Around)..Math.Min(body.Length, at + sought.Length + Around)];
                return string.Concat(Encoding.UTF8.GetString(found).Select(c => char.IsControl(c) ? '.' : c));
            }
        }

        return null;
    }

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/{signal}", collector.TakeAsync);
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> TakeAsync(string signal, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        exports.AddOrUpdate(signal, 1, (_, count) => count + 1);
        if (signal is "traces" or "logs")
        {
            Keep(body.ToArray());
        }

        try
        {
            Read(signal, body.ToArray());
        }
        catch (Exception e)
        {
            // An exporter would drop what is refused and say nothing.
            failures.Enqueue(e.ToString());
            throw;
        }

        // An empty message: everything was taken.
        return Results.Bytes([], "application/x-protobuf");
    }

    private void Read(string signal, byte[] body)
    {
        switch (signal)
        {
            case "traces":
                foreach (var span in SpansOf(body))
                {
                    spans.Enqueue(span);
                }

                while (spans.Count > MaxSpans && spans.TryDequeue(out _))
                {
                }

                break;
            case "metrics":
                foreach (var metric in MetricsOf(body))
                {
                    metrics[metric] = true;
                }

                break;
        }
    }

    private void Keep(byte[] body)
    {
        bodies.Enqueue(body);
        Interlocked.Add(ref keptBytes, body.Length);
        while (Interlocked.Read(ref keptBytes) > MaxKeptBytes && bodies.TryDequeue(out var oldest))
        {
            Interlocked.Add(ref keptBytes, -oldest.Length);
        }
    }

    /// <summary>Field numbers are those of opentelemetry/proto/trace/v1/trace.proto.</summary>
    private static IEnumerable<ExportedSpan> SpansOf(byte[] request) =>
        from resourceSpans in ProtoMessage.Parse(request).Messages(1)
        let resource = Attributes(resourceSpans.Messages(1).Single(), 1)
        from scopeSpans in resourceSpans.Messages(2)
        from span in scopeSpans.Messages(2)
        select new ExportedSpan(resource["service.name"], span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), Attributes(span, 9));

    /// <summary>Field numbers are those of opentelemetry/proto/metrics/v1/metrics.proto.</summary>
    private static IEnumerable<(string Service, string Name)> MetricsOf(byte[] request) =>
        from resourceMetrics in ProtoMessage.Parse(request).Messages(1)
        let resource = Attributes(resourceMetrics.Messages(1).Single(), 1)
        from scopeMetrics in resourceMetrics.Messages(2)
        from metric in scopeMetrics.Messages(2)
        select (resource["service.name"], metric.Text(1));

    private static Dictionary<string, string> Attributes(ProtoMessage owner, int field) =>
        owner.Messages(field).ToDictionary(pair => pair.Text(1), pair => pair.Messages(2).Single().Text(1));
}
