using System.Net;

namespace ArtifactPlatform.Client;

/// <summary>The Api answered with an error.</summary>
public sealed class PlatformApiException(HttpStatusCode status, ApiError error, TimeSpan? retryAfter = null) : Exception($"{(int)status} {error.Code}: {error.Message} ({error.RequestId})")
{
    public HttpStatusCode Status { get; } = status;

    public ApiError Error { get; } = error;

    /// <summary>How long the Api asks to wait before another try; null when it says nothing.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
