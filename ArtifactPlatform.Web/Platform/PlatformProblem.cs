using System.Net;
using ArtifactPlatform.Client;

namespace ArtifactPlatform.Web.Platform;

/// <summary>What a page must tell apart when a call did not work.</summary>
public enum ProblemKind
{
    SessionEnded,
    NotFound,
    Refused,
    Unreachable,
}

/// <summary>A call to the platform that did not work, in words for the person at the screen.</summary>
public sealed class PlatformProblemException(ProblemKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public ProblemKind Kind { get; } = kind;

    /// <summary>For support: finds the request in the platform's logs.</summary>
    public string? RequestId => InnerException is PlatformApiException { Error.RequestId: { Length: > 0 } id } ? id : null;
}

public static class PlatformProblems
{
    public const string Unreachable = "The platform doesn't answer right now. Nothing is lost: try again in a moment.";

    /// <summary>Whether <paramref name="e"/> comes from a call that failed, rather than from a bug.</summary>
    public static bool IsFailedCall(Exception e, CancellationToken ct) =>
        e is PlatformApiException or HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested);

    public static PlatformProblemException Explain(Exception e) => e switch
    {
        PlatformApiException { Status: HttpStatusCode.Unauthorized } => new(ProblemKind.SessionEnded, "Your session has ended. Sign in again to go on.", e),
        PlatformApiException { Status: HttpStatusCode.NotFound } => new(ProblemKind.NotFound, "It is not there any more.", e),
        PlatformApiException { Status: HttpStatusCode.Forbidden } => new(ProblemKind.Refused, "Your role doesn't allow this. Ask an owner of your company.", e),
        PlatformApiException { Status: HttpStatusCode.PaymentRequired } => new(ProblemKind.Refused, "Your company's quota doesn't allow this. The page Usage shows what is left; the operator can give more.", e),
        PlatformApiException { Status: HttpStatusCode.TooManyRequests } => new(ProblemKind.Refused, "Too many requests at once. Wait a moment and try again.", e),
        PlatformApiException { Status: < HttpStatusCode.InternalServerError } api => new(ProblemKind.Refused, api.Error.Message, e),
        _ => new(ProblemKind.Unreachable, Unreachable, e),
    };
}
