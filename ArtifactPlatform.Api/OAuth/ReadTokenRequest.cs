using System.Net;
using System.Text;
using System.Text.Json;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.OAuth;
using Microsoft.AspNetCore.WebUtilities;

namespace ArtifactPlatform.Api.OAuth;

/// <summary>Reads what RFC 6749 lets a client send, and the same as JSON: a form or an object, with id and secret in it or as HTTP Basic.</summary>
internal static class ReadTokenRequest
{
    private const string Basic = "Basic ";

    /// <summary>Ten times what an honest request needs.</summary>
    private const int MaxBodyBytes = 8 << 10;

    /// <summary>More parameters than RFC 6749 knows.</summary>
    private const int MaxParameters = 16;

    private static readonly JsonSerializerOptions Json = new() { AllowDuplicateProperties = false };

    /// <returns>The request with the client's id and secret in it, wherever they came from; or what is wrong with it.</returns>
    public static async Task<(TokenRequest Request, bool IsBasic, TokenRefused? Refused)> ReadAsync(HttpRequest http, CancellationToken ct)
    {
        var nothing = new TokenRequest();
        if (await ReadBodyAsync(http.Body, ct) is not { } body)
        {
            return (nothing, false, TokenRefused.Request($"The body is larger than {MaxBodyBytes} bytes."));
        }

        var (request, problem) = MediaTypeOf(http) switch
        {
            "application/x-www-form-urlencoded" => ReadForm(body),
            "application/json" => ReadJson(body),
            _ => (null, "Send the body as application/x-www-form-urlencoded or application/json."),
        };
        if (request is null)
        {
            return (nothing, false, TokenRefused.Request(problem));
        }

        if (!StorableText.Fits($"{request.GrantType}{request.ClientId}{request.Scope}{request.ClientSecret}"))
        {
            return (nothing, false, TokenRefused.Request("The parameters must not hold NUL characters (U+0000)."));
        }

        // Another scheme is no client's: a token that is about to end, say.
        if (http.Headers.Authorization is not [{ } header] || !header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return (request, false, null);
        }

        if (request.ClientSecret is not null)
        {
            return (request, false, TokenRefused.Request("Send id and secret in one place: the Authorization header or the body."));
        }

        if (ReadBasic(header[Basic.Length..]) is not var (id, secret) || !StorableText.Fits(id))
        {
            return (request, true, TokenRefused.Request("The Authorization header must be HTTP Basic with the client's id and secret."));
        }

        return (request.ClientId ?? id) == id
            ? (request with { ClientId = id, ClientSecret = secret }, true, null)
            : (request, true, TokenRefused.Request("client_id in the body and the id in the Authorization header differ. Leave client_id out, or send the same."));
    }

    private static string MediaTypeOf(HttpRequest http) => (http.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    private static async Task<byte[]?> ReadBodyAsync(Stream source, CancellationToken ct)
    {
        var body = new byte[MaxBodyBytes + 1];
        var length = await source.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        return length > MaxBodyBytes ? null : body[..length];
    }

    private static (TokenRequest? Request, string Problem) ReadForm(byte[] body)
    {
        try
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(body)) { ValueCountLimit = MaxParameters };
            var form = reader.ReadForm();
            // RFC 6749, 3.2: parameters must not be there twice.
            return form.Values.Any(values => values.Count > 1)
                ? (null, "A parameter is there twice.")
                : (new TokenRequest { GrantType = Value("grant_type"), ClientId = Value("client_id"), ClientSecret = Value("client_secret"), Scope = Value("scope") }, "");

            // RFC 6749, 3.2: without a value is as if it were not there.
            string? Value(string name) => form.TryGetValue(name, out var values) && values is [{ Length: > 0 } value] ? value : null;
        }
        catch (InvalidDataException)
        {
            return (null, "The body is not a form.");
        }
    }

    private static (TokenRequest? Request, string Problem) ReadJson(byte[] body)
    {
        const string problem = "The body is not a JSON object of strings.";
        try
        {
            return (JsonSerializer.Deserialize<TokenRequest>(body, Json), problem);
        }
        catch (JsonException)
        {
            return (null, problem);
        }
    }

    /// <summary>RFC 6749, 2.3.1: id and secret are form-encoded before they become user name and password.</summary>
    private static (string Id, string Secret)? ReadBasic(string encoded)
    {
        var pair = new byte[MaxBodyBytes];
        if (!Convert.TryFromBase64String(encoded.Trim(), pair, out var length) || Encoding.UTF8.GetString(pair, 0, length).Split(':', 2) is not [var id, var secret])
        {
            return null;
        }

        return (WebUtility.UrlDecode(id), WebUtility.UrlDecode(secret));
    }
}
