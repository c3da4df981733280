using System.Buffers.Text;
using System.Text.Json;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Core.Secrets;

namespace ArtifactPlatform.Api.Requests;

/// <summary>Whose idempotency key it is: others may choose the same words.</summary>
/// <param name="CompanyId">Null when only a secret speaks for who sends the request.</param>
internal sealed record KeyOwner(string Id, string? CompanyId)
{
    /// <summary>What the fingerprint is taken of instead of the body, where that has a password in it: a fast hash of one could be guessed at.</summary>
    public byte[]? Body { get; init; }

    public bool IsSignedIn => CompanyId is not null;

    /// <param name="secret">Of 256 random bits, or signed by somebody: nobody guesses it.</param>
    public static KeyOwner OfSecret(string secret) => new($"secret_{Base64Url.EncodeToString(SecretToken.Hash(secret))}", CompanyId: null);

    /// <returns>Null where nobody can be told: the handler will refuse the request.</returns>
    public static async Task<KeyOwner?> OfAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<OwnedByBody>() is { } owned)
        {
            return await owned.FindAsync(context);
        }

        return context.Features.Get<Caller>() is { } caller ? new KeyOwner(caller.OwnerId, caller.CompanyId) : null;
    }
}

/// <summary>Marks an anonymous route whose body, or Basic credentials, say who sends a request: that is who its idempotency keys belong to.</summary>
internal sealed record OwnedByBody(Func<HttpContext, Task<KeyOwner?>> FindAsync)
{
    /// <param name="property">Of a JSON body, with a secret that nobody guesses.</param>
    public static OwnedByBody Secret(string property) =>
        new(async http => await ReadTextAsync(http.Request, property) is { Length: > 0 } secret ? KeyOwner.OfSecret(secret) : null);

    private static async Task<string?> ReadTextAsync(HttpRequest request, string property)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return body.RootElement.TryGetProperty(property, out var value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter: no object, no text, or half of a surrogate pair, which is no text.
            return null;
        }
    }
}
