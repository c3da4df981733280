using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Web;

/// <summary>Headers that tell the browser what pages of the dashboard may do.</summary>
public static class SecurityHeadersExtensions
{
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var policy = Policy(app.ApplicationServices.GetRequiredService<IOptions<WebOptions>>().Value);
        return app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            return next(context);
        });
    }

    private static string Policy(WebOptions options)
    {
        var media = Sources(options.MediaOrigins);
        // hls.js fetches playlists and segments itself.
        var fetched = Sources(options.UploadOrigins).Union(media);
        return string.Join("; ",
            "default-src 'self'",
            "script-src 'self'",
            "style-src-elem 'self'",
            // Radzen's dialogs and notifications carry their sizes in style attributes.
            "style-src-attr 'unsafe-inline'",
            $"img-src 'self' data: {string.Join(' ', media)}",
            // blob: is what Media Source Extensions play from, data: the empty text track that hls.js fills with captions.
            $"media-src 'self' blob: data: {string.Join(' ', media)}",
            "font-src 'self'",
            $"connect-src 'self' {string.Join(' ', fetched)}",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'");
    }

    private static string[] Sources(IReadOnlyList<Uri> origins) =>
        origins.Count == 0 ? ["http:", "https:"] : [.. origins.Select(origin => origin.GetLeftPart(UriPartial.Authority))];
}
