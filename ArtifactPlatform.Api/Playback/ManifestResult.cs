using System.Security.Cryptography;
using System.Text;
using ArtifactPlatform.Core.Storage;
using Microsoft.Net.Http.Headers;

namespace ArtifactPlatform.Api.Playback;

/// <summary>A manifest with its ETag; answers 304 to whoever has it.</summary>
internal static class ManifestResult
{
    public const string Hls = "application/vnd.apple.mpegurl";
    public const string Dash = "application/dash+xml";
    public const string Vtt = "text/vtt";

    /// <summary>Seconds that players may keep a manifest that names no media files.</summary>
    private const int StableSeconds = 30;

    /// <param name="shared">Whether caches between here and the player may keep it: not when it carries signed addresses.</param>
    public static IResult Of(HttpContext context, string text, string contentType, bool shared)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var etag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"");
        context.Response.Headers.CacheControl = shared ? $"public, max-age={StableSeconds}" : $"private, max-age={StableSeconds}";
        return Results.Bytes(bytes, contentType, entityTag: etag);
    }

    /// <summary>To a file in the store, at an address that takes the request's own method.</summary>
    public static IResult RedirectTo(HttpContext context, ObjectStore store, string key, TimeSpan lifetime, string contentType)
    {
        // Shorter than the address lives.
        context.Response.Headers.CacheControl = $"private, max-age={StableSeconds}";
        return Results.Redirect(context.IsHead() ? store.PresignMediaHead(key, lifetime, contentType) : store.PresignMedia(key, lifetime, contentType));
    }
}
