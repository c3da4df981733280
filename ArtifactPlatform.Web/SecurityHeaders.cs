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
        var uploads = options.UploadOrigins.Count == 0
            ? "http: https:"
            : string.Join(' ', options.UploadOrigins.Select(origin => origin.GetLeftPart(UriPartial.Authority)));
        return string.Join("; ",
            "default-src 'self'",
            "script-src 'self'",
            "style-src-elem 'self'",
            // Radzen's dialogs and notifications carry their sizes in style attributes.
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            $"connect-src 'self' {uploads}",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'");
    }
}
