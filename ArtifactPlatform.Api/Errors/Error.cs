using ArtifactPlatform.Client;
using ArtifactPlatform.Core.Usage;

namespace ArtifactPlatform.Api.Errors;

/// <summary>Every error that this Api answers with. The codes are public contract: they may be added to, never changed.</summary>
internal static partial class Error
{
    // Requests that can't be read.
    public static Failure InvalidJson(string? param) => Invalid("invalid_json", param is null
        ? "The body is not a valid JSON object."
        : "The value has the wrong JSON type, or is not one of the allowed words.", param);

    public static Failure BodyRequired() => Invalid("body_required", "The request needs a JSON object as its body.");

    public static Failure InvalidParameter(string? param, string message) => Invalid("invalid_parameter", message, param);

    public static Failure UnstorableText(string? param) => InvalidParameter(param, "Text must not hold NUL characters (U+0000).");

    public static Failure MissingParameter(string param) => Invalid("parameter_missing", $"{param} is required.", param);

    public static Failure RouteNotFound() => new(404, ErrorTypes.NotFound, "route_not_found", "There is no such route. /docs lists them all.");

    public static Failure MethodNotAllowed() => new(405, ErrorTypes.InvalidRequest, "method_not_allowed", "The route does not take this method. The Allow header lists those that it takes.");

    public static Failure BodyTooLarge() => new(413, ErrorTypes.InvalidRequest, "body_too_large", "The body is larger than 1 MiB. Files are not sent here but to the presigned URL.");

    public static Failure UnsupportedMediaType() => new(415, ErrorTypes.InvalidRequest, "unsupported_media_type", "The body must be sent as application/json.");

    // Limits, quotas and usage.
    public static Failure RateLimited(TimeSpan retryAfter) => new(429, ErrorTypes.RateLimit, "rate_limited", "Too many requests at once. Wait for as long as Retry-After says, then send this one again.") { RetryAfter = retryAfter };

    public static Failure QuotaExceeded(QuotaExceededException e) => new(402, ErrorTypes.QuotaExceeded, QuotaExceededException.Code, e.Message);

    public static Failure InvalidIdempotencyKey(int most) => Invalid("invalid_idempotency_key", $"An idempotency key has 1 to {most} characters, and is sent once.", "Idempotency-Key");

    public static Failure IdempotencyKeyReused() => Conflict("idempotency_key_reused", "This idempotency key was used for another request: another path, query or body. Choose a new key for a new request.") with { Param = "Idempotency-Key" };

    public static Failure IdempotencyKeyInUse(TimeSpan retryAfter) => Conflict("idempotency_key_in_use", "The first request with this idempotency key is still under way. Send it again after a moment to get its answer.") with { Param = "Idempotency-Key", RetryAfter = retryAfter };

    public static Failure AnswerLost() => Conflict("answer_lost", "The first request with this idempotency key was carried out, but its answer was lost. Look at what it has made or changed; to do it once more, choose a new key.") with { Param = "Idempotency-Key" };

    public static BadRequestError PeriodReversed() => new(Invalid("invalid_parameter", "from must not be later than to.", "from"));

    public static BadRequestError PeriodTooLong(int mostDays) => new(Invalid("invalid_parameter", $"At most {mostDays} days can be shown at once. Ask for a later from or an earlier to.", "from"));

    // Ourselves.
    public static Failure Internal() => new(500, ErrorTypes.Api, "internal_error", "Something went wrong on our side. Give the request id when you report it.");

    public static Failure DependencyUnavailable() => new(503, ErrorTypes.Api, "dependency_unavailable", "A part of the platform can't be reached at the moment. Nothing was changed; try again shortly.");

    /// <summary>The error for an answer that the framework has left without a body.</summary>
    public static Failure ForStatus(int status) => status switch
    {
        400 => Invalid("invalid_request", "The request can't be understood."),
        401 => TokenMissing(),
        403 => AccessDenied(),
        404 => RouteNotFound(),
        405 => MethodNotAllowed(),
        413 => BodyTooLarge(),
        415 => UnsupportedMediaType(),
        503 => DependencyUnavailable(),
        < 500 => new(status, ErrorTypes.InvalidRequest, "invalid_request", "The request can't be answered."),
        _ => Internal() with { Status = status },
    };

    public static BadRequestError Bad(Failure failure) => new(failure);

    private static Failure Invalid(string code, string message, string? param = null) => new(400, ErrorTypes.InvalidRequest, code, message, param);

    private static Failure Unauthenticated(string code, string message) => new(401, ErrorTypes.Authentication, code, message);

    private static Failure Conflict(string code, string message) => new(409, ErrorTypes.InvalidRequest, code, message);
}
