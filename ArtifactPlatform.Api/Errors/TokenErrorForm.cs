using ArtifactPlatform.Client.OAuth;

namespace ArtifactPlatform.Api.Errors;

/// <summary>The errors of the token route have the form of RFC 6749, 5.2; those, too, that are found before or behind its handler.</summary>
internal static class TokenErrorForm
{
    /// <summary>By the path: a method that the route does not take has no route.</summary>
    public const string Path = "/api/v1/oauth/token";

    public static bool Covers(HttpContext context) => context.Request.Path.Value?.TrimEnd('/').Equals(Path, StringComparison.OrdinalIgnoreCase) == true;

    public static TokenError Of(Failure failure) => new(
        failure.Status switch
        {
            // RFC 6749 has these two at the authorization endpoint alone (4.1.2.1); clients know them.
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
            >= 500 => "server_error",
            _ => "invalid_request",
        },
        failure.Message);
}
