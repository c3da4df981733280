using System.Collections.Concurrent;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace ArtifactPlatform.Tests.Webhooks;

/// <summary>One request as it came in.</summary>
public sealed record ReceivedHook(HeaderDictionary Headers, string Body, string? ContentType)
{
    public string Id => Headers["webhook-id"].ToString();

    public PlatformEvent Event => System.Text.Json.JsonSerializer.Deserialize<PlatformEvent>(Body, ContractJson.Options) ?? throw new InvalidOperationException(Body);

    /// <summary>One for each secret that was live.</summary>
    public string[] Signatures => Headers["webhook-signature"].ToString().Split(' ');

    /// <summary>Asks somebody else's implementation of the specification about each signature: it looks at the first of a list only.</summary>
    public bool IsSignedWith(string secret) => Signatures.Any(signature => IsSignedWith(secret, signature));

    private bool IsSignedWith(string secret, string signature)
    {
        try
        {
            new StandardWebhook(secret).Verify(Body, new HeaderDictionary(new Dictionary<string, StringValues>(Headers, StringComparer.OrdinalIgnoreCase) { ["webhook-signature"] = signature }));
            return true;
        }
        catch (WebhookVerificationException)
        {
            return false;
        }
    }
}

/// <summary>A receiver of webhooks on 127.0.0.1, good and bad ones at paths of their own.</summary>
public sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, int, Task>> answers = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ReceivedHook>> received = new();

    private HookReceiver(WebApplication app) => this.app = app;

    public int Port => new Uri(app.Urls.First()).Port;

    public static async Task<HookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // 0.0.0.0, so that other forms of loopback would be answered too if the guard let them through.
        builder.WebHost.UseUrls("http://0.0.0.0:0");
        var app = builder.Build();
        var receiver = new HookReceiver(app);
        app.Run(receiver.AnswerAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>An address that answers as said; the number counts the requests to it, from 1. 204 when left out.</summary>
    public string Add(Func<HttpContext, int, Task>? answer = null)
    {
        var path = $"/{Guid.NewGuid():N}";
        answers[path] = answer ?? ((context, _) =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        received[path] = new();
        return $"http://127.0.0.1:{Port}{path}";
    }

    /// <summary>An address that always answers with one status.</summary>
    public string AddStatus(int status) => Add((context, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    /// <summary>An address that takes requests and never answers.</summary>
    public string AddSilent() => Add((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));

    public IReadOnlyList<ReceivedHook> At(string url) => [.. received[new Uri(url).AbsolutePath]];

    /// <summary>Waits for that many requests.</summary>
    public async Task<IReadOnlyList<ReceivedHook>> CountAsync(string url, int count, Func<string>? more = null)
    {
        await Eventually.TrueAsync(() => Task.FromResult(At(url).Count >= count), () => $"{count} requests; there are {string.Join(", ", At(url).Select(r => $"{r.Event.Type} {r.Id}"))}\n{more?.Invoke()}");
        return At(url);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!HttpMethods.IsPost(context.Request.Method) || !answers.TryGetValue(path, out var answer))
        {
            context.Response.StatusCode = 404;
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = new HeaderDictionary(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase));
        var hits = received[path];
        hits.Enqueue(new ReceivedHook(headers, body, context.Request.ContentType));
        await answer(context, hits.Count);
    }
}
