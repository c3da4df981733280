using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ArtifactPlatform.Core.Network;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Webhooks;

/// <summary>Posts to addresses that customers name: every connection through the guard, no redirect followed, within one time limit.</summary>
public sealed class SendWebhook : IDisposable
{
    private readonly WebhookOptions options;
    private readonly TimeProvider clock;
    private readonly HttpClient client;

    public SendWebhook(IOptions<WebhookOptions> options, TimeProvider clock)
    {
        this.options = options.Value;
        this.clock = clock;
        client = new HttpClient(this.options.CreateGuard().CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ArtifactPlatform", "1.0"));
    }

    /// <summary>Makes one attempt. Whatever the receiver does becomes an answer.</summary>
    /// <param name="id">The event's: the same in each attempt.</param>
    internal async Task<WebhookAnswer> SendAsync(Uri url, IReadOnlyList<string> secrets, string id, byte[] body, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(options.Timeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        var started = clock.GetTimestamp();
        try
        {
            using var request = CreateRequest(url, secrets, id, body);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            var text = await ReadStartAsync(response, stop.Token);
            ct.ThrowIfCancellationRequested();
            var status = (int)response.StatusCode;
            return response.IsSuccessStatusCode
                ? new WebhookAnswer(status, text, null, null, clock.GetElapsedTime(started))
                : new WebhookAnswer(status, text, "http_error", $"The endpoint answered {status}. Only 2xx counts as delivered.", clock.GetElapsedTime(started));
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            var (code, message) = Explain(url.IdnHost, e);
            return new WebhookAnswer(null, null, code, message, clock.GetElapsedTime(started));
        }
    }

    public void Dispose() => client.Dispose();

    private HttpRequestMessage CreateRequest(Uri url, IReadOnlyList<string> secrets, string id, byte[] body)
    {
        var now = clock.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(secrets, id, now, body));
        return request;
    }

    /// <summary>The status decides; of the body only what comes in time is kept.</summary>
    private static async Task<string?> ReadStartAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var buffer = new byte[WebhookLimits.MaxResponseBytes];
        var length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            int read;
            while (length < buffer.Length && (read = await body.ReadAsync(buffer.AsMemory(length), ct)) > 0)
            {
                length += read;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The rest never came.
        }

        // Postgres stores no NUL.
        return length == 0 ? null : Encoding.UTF8.GetString(buffer, 0, length).Replace('\0', '\uFFFD');
    }

    private (string Code, string Message) Explain(string host, Exception e) => e switch
    {
        OperationCanceledException => ("timeout", string.Create(CultureInfo.InvariantCulture, $"{host} did not answer within {options.Timeout.TotalSeconds:0.#} seconds. Answer first, then do the work.")),
        _ when Find<ForbiddenAddressException>(e) is not null => ("forbidden_address", $"{host} leads to a private or local address. Use a public one, or have the operator allow its network."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => ("tls_error", $"No secure connection to {host} could be made; check the server's certificate."),
        _ when Find<SocketException>(e)?.SocketErrorCode == SocketError.HostNotFound => ("host_not_found", $"The host {host} does not exist; check the address for a typing error."),
        _ => ("connection_failed", $"{host} could not be reached, or broke the connection off."),
    };

    private static T? Find<T>(Exception? e) where T : Exception
    {
        while (e is not null and not T)
        {
            e = e.InnerException;
        }

        return e as T;
    }
}
