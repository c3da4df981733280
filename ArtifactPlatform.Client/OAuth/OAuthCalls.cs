using System.Net.Http.Json;
using System.Text.Json;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Client.OAuth;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>Fetches an access token for a machine client; give it to <see cref="WithToken"/>, and fetch another before the hour is over.</summary>
    /// <param name="scope">Scopes with spaces between them; null = all of the client's.</param>
    /// <exception cref="PlatformApiException">Refused; the code is RFC 6749's word, <c>invalid_client</c> for one.</exception>
    public async Task<TokenResponse> GetTokenAsync(string clientId, string clientSecret, string? scope, CancellationToken ct)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = clientId, ["client_secret"] = clientSecret };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        using var request = CreateRequest(HttpMethod.Post, "oauth/token");
        // The secret speaks for itself.
        request.Headers.Authorization = null;
        request.Content = new FormUrlEncodedContent(form);
        using var response = await http.SendAsync(request, ct);
        if (!response.IsSuccessStatusCode)
        {
            throw await ReadTokenErrorAsync(response, ct);
        }

        return await response.Content.ReadFromJsonAsync<TokenResponse>(ContractJson.Options, ct) ?? throw Unreadable(response);
    }

    /// <summary>They have RFC 6749's form. What stands between here and the Api may answer in its own.</summary>
    private static async Task<PlatformApiException> ReadTokenErrorAsync(HttpResponseMessage response, CancellationToken ct)
    {
        TokenError? refused;
        try
        {
            refused = await response.Content.ReadFromJsonAsync<TokenError>(ContractJson.Options, ct);
        }
        catch (JsonException)
        {
            refused = null;
        }

        if (refused is not { Error.Length: > 0 })
        {
            return Unreadable(response);
        }

        var type = (int)response.StatusCode switch { 429 => ErrorTypes.RateLimit, >= 500 => ErrorTypes.Api, _ => ErrorTypes.Authentication };
        var requestId = response.Headers.TryGetValues("X-Request-Id", out var ids) ? ids.First() : "";
        return new(response.StatusCode, new ApiError { Type = type, Code = refused.Error, Message = refused.ErrorDescription, RequestId = requestId }, response.Headers.RetryAfter?.Delta);
    }
}
