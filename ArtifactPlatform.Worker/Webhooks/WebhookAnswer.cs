using System.Net;

namespace ArtifactPlatform.Worker.Webhooks;

/// <summary>What came of one attempt.</summary>
/// <param name="Status">HTTP status; null when no answer came.</param>
/// <param name="Body">First KiB of the answer.</param>
/// <param name="ErrorCode">Stable word for the failure; null for a success.</param>
/// <param name="ErrorMessage">The same for a person.</param>
internal sealed record WebhookAnswer(int? Status, string? Body, string? ErrorCode, string? ErrorMessage, TimeSpan Duration)
{
    public bool IsSuccess => ErrorCode is null;

    /// <summary>The receiver wants no more, ever.</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;

    /// <summary>There was nothing to send, and never will be.</summary>
    public bool IsHopeless { get; private init; }

    /// <summary>An attempt that was not made, because none can succeed.</summary>
    public static WebhookAnswer Hopeless(string code, string message) => new(null, null, code, message, TimeSpan.Zero) { IsHopeless = true };
}
