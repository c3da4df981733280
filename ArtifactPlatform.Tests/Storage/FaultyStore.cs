using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace ArtifactPlatform.Tests.Storage;

/// <summary>The platform's real store behind a proxy on 127.0.0.1 that spoils some requests or answers, as lesser stores and proxies do.</summary>
public sealed class FaultyStore : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient store = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private FaultyStore(WebApplication app) => this.app = app;

    public Uri Endpoint => new(app.Urls.First());

    /// <summary>Answers a request in the store's place; null = pass it on.</summary>
    public Func<HttpRequest, int?> Refuse { get; set; } = _ => null;

    /// <summary>A header that is taken off every answer.</summary>
    public string? Hidden { get; set; }

    public static async Task<FaultyStore> StartAsync(Uri target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var proxy = new FaultyStore(app);
        app.Run(context => proxy.AnswerAsync(context, target));
        await app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        store.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, Uri target)
    {
        if (Refuse(context.Request) is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(target, context.Request.GetEncodedPathAndQuery()));
        if (context.Request.ContentLength is not null || context.Request.Headers.ContainsKey("Transfer-Encoding"))
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var header in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
            }
        }

        using var answer = await store.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key != "Transfer-Encoding" && h.Key != Hidden))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        if (answer.StatusCode != HttpStatusCode.NoContent && context.Request.Method != "HEAD")
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
