using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ArtifactPlatform.Client.Json;

namespace ArtifactPlatform.Client;

/// <summary>
/// The REST API as typed calls. Thread-safe; as cheap to make as its <paramref name="http"/>. Every call throws
/// <see cref="PlatformApiException"/> for an error answer and <see cref="HttpRequestException"/> when none came.
/// </summary>
/// <param name="http">Its <see cref="HttpClient.BaseAddress"/> is the Api's root: <c>http://localhost:8080</c>.</param>
/// <param name="token">API key (<c>ak_live_…</c>), session token (<c>ses_…</c>) or a machine client's access token; null for <see cref="SignInAsync(string, string, CancellationToken)"/> and clients whose handler adds it.</param>
public sealed partial class PlatformClient(HttpClient http, string? token = null)
{
    private const string Root = "api/v1";

    private string? idempotencyKey;

    /// <summary>The same client for another caller.</summary>
    public PlatformClient WithToken(string newToken) => new(http, newToken);

    /// <summary>The same client for one thing to do: every POST carries this key, so it can be sent again when no answer came, for 24 hours, and is done once.</summary>
    /// <param name="key">1-255 characters; a new one for each thing to do.</param>
    public PlatformClient WithIdempotencyKey(string key) => new(http, token) { idempotencyKey = key };

    internal Task<T> GetAsync<T>(string path, CancellationToken ct) => SendAsync<T>(HttpMethod.Get, path, body: null, ct);

    internal async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        using var response = await SendAsync(method, path, body, ct);
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(ContractJson.Options, ct) ?? throw Unreadable(response);
        }
        catch (JsonException)
        {
            throw Unreadable(response);
        }
    }

    /// <summary>Sends and checks; the answer is the caller's to dispose of.</summary>
    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        using var request = CreateRequest(method, path);
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), mediaType: null, ContractJson.Options);
        return await EnsureSuccessAsync(await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct), ct);
    }

    private HttpRequestMessage CreateRequest(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, $"{Root}/{path}");
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (idempotencyKey is not null && method == HttpMethod.Post)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return request;
    }

    private static async Task<HttpResponseMessage> EnsureSuccessAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await ReadErrorAsync(response, ct);
        }
    }

    private static async Task<PlatformApiException> ReadErrorAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            var envelope = await response.Content.ReadFromJsonAsync<ErrorEnvelope>(ContractJson.Options, ct);
            return envelope?.Error is { } error ? new PlatformApiException(response.StatusCode, error, response.Headers.RetryAfter?.Delta) : Unreadable(response);
        }
        catch (JsonException)
        {
            return Unreadable(response);
        }
    }

    /// <summary>Something between here and the Api answered in its own words.</summary>
    private static PlatformApiException Unreadable(HttpResponseMessage response) => new(
        response.StatusCode,
        new ApiError
        {
            Type = ErrorTypes.Api,
            Code = "unreadable_answer",
            Message = $"The answer ({(int)response.StatusCode}) is not in the Api's form.",
            RequestId = response.Headers.TryGetValues("X-Request-Id", out var ids) ? ids.First() : "",
        },
        response.Headers.RetryAfter?.Delta);
}
