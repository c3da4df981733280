using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ArtifactPlatform.Api.Auth;

/// <summary>
/// What must hold of any JWT before its signature is looked at, and of its times after that. The library throws at some tokens that are
/// odd, passes others over, and knows nothing of <c>crit</c>.
/// </summary>
internal static class TokenForm
{
    /// <summary>For clocks that are a little off. It lets a token begin early, never end late.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>The end of the year 9999: what a date can hold, in seconds.</summary>
    private const long MaxTime = 253_402_300_799;

    private static readonly string[] Texts = ["alg", "typ", "kid", "iss", "sub", "jti"];

    private static readonly string[] Times = ["exp", "nbf", "iat"];

    /// <summary>A name that is there twice may be read one way here and another way there.</summary>
    private static readonly JsonDocumentOptions Json = new() { AllowDuplicateProperties = false };

    /// <summary>Whether header and payload are JSON objects with registered names of the right types (RFC 7519, 4.1).</summary>
    /// <param name="kid">Null when it names no key.</param>
    public static bool IsGood(string token, out string? kid)
    {
        kid = null;
        if (token.Split('.') is not [var head, var body, _])
        {
            return false;
        }

        try
        {
            using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(head), Json);
            using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(body), Json);
            // RFC 7515, 4.1.11: what is critical must be understood, and none is.
            var good = AreGood(header.RootElement) && AreGood(payload.RootElement) && !header.RootElement.TryGetProperty("crit", out _) && header.RootElement.TryGetProperty("alg", out _);
            kid = good && header.RootElement.TryGetProperty("kid", out var named) ? named.GetString() : null;
            return good;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            // No base64url, no JSON, no object, or half of a surrogate pair, which is no text.
            return false;
        }
    }

    /// <summary>RFC 7519, 4.1.4: on or after that moment it must not be accepted. Without one it has ended, too.</summary>
    public static bool HasEnded(JsonWebToken token, DateTimeOffset now) => token.ValidTo <= now.UtcDateTime;

    public static bool HasBegun(JsonWebToken token, DateTimeOffset now) =>
        (now + ClockSkew).UtcDateTime is var latest && token.ValidFrom <= latest && token.IssuedAt <= latest;

    private static bool AreGood(JsonElement part) =>
        Texts.All(name => !part.TryGetProperty(name, out var value) || IsText(value))
        && Times.All(name => !part.TryGetProperty(name, out var value) || IsTime(value))
        && (!part.TryGetProperty("aud", out var audience) || IsText(audience) || (audience.ValueKind == JsonValueKind.Array && audience.EnumerateArray().All(IsText)));

    /// <summary>Ids go into queries, and Postgres knows no NUL.</summary>
    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString()?.Any(char.IsControl) == false;

    private static bool IsTime(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= MaxTime;
}
