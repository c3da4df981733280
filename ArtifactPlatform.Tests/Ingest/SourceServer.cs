using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ArtifactPlatform.Tests.Ingest;

/// <summary>A web server on 127.0.0.1 that gives files in good and bad ways.</summary>
public sealed class SourceServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, int, Task>> routes = new();
    private readonly ConcurrentDictionary<string, int> hits = new();

    private SourceServer(WebApplication app) => this.app = app;

    /// <summary>Root of the server, by its number: <c>http://127.0.0.1:port</c>.</summary>
    public string Root => app.Urls.First();

    public static async Task<SourceServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // 0.0.0.0, so that other forms of loopback would be answered too if the guard let them through.
        builder.WebHost.UseUrls("http://0.0.0.0:0");
        var app = builder.Build();
        var server = new SourceServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Puts an answer at a new path. The number counts the requests to it, from 1.</summary>
    public string Add(Func<HttpContext, int, Task> answer, string extension = "")
    {
        var path = $"/{Guid.NewGuid():N}{extension}";
        routes[path] = answer;
        return $"http://127.0.0.1:{new Uri(Root).Port}{path}";
    }

    /// <summary>A file the way a good server gives it: length, ETag, ranges.</summary>
    public string AddFile(byte[] content, string extension = "") => Add((context, _) => SendAsync(context, content, "\"v1\""), extension);

    public int Hits(string url) => hits.GetValueOrDefault(new Uri(url).AbsolutePath);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    /// <summary>Sends the file or the part that is asked for.</summary>
    /// <param name="breakAfter">Breaks the connection after so many bytes of this answer; null = sends all.</param>
    public static async Task SendAsync(HttpContext context, byte[] content, string etag, int? breakAfter = null)
    {
        var from = RangeStart(context, etag);
        context.Response.StatusCode = from > 0 ? 206 : 200;
        context.Response.Headers.ETag = etag;
        context.Response.Headers.AcceptRanges = "bytes";
        context.Response.ContentLength = content.Length - from;
        if (from > 0)
        {
            context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{content.Length - 1}/{content.Length}");
        }

        var count = Math.Min(content.Length - from, breakAfter ?? int.MaxValue);
        await context.Response.Body.WriteAsync(content.AsMemory(from, count));
        await context.Response.Body.FlushAsync();
        if (count < content.Length - from)
        {
            context.Abort();
        }
    }

    private static int RangeStart(HttpContext context, string etag)
    {
        var range = context.Request.Headers.Range.ToString();
        var sameFile = context.Request.Headers.IfRange is not { Count: > 0 } condition || condition == etag;
        return range.StartsWith("bytes=", StringComparison.Ordinal) && sameFile
            ? int.Parse(range["bytes=".Length..].Split('-')[0], CultureInfo.InvariantCulture)
            : 0;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = 405;
        }
        else if (routes.TryGetValue(path, out var answer))
        {
            await answer(context, hits.AddOrUpdate(path, 1, (_, n) => n + 1));
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }
}
