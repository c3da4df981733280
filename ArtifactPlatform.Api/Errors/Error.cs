using ArtifactPlatform.Client;

namespace ArtifactPlatform.Api.Errors;

/// <summary>Every error that this Api answers with. The codes are public contract: they may be added to, never changed.</summary>
internal static class Error
{
    // Requests that can't be read.
    public static Failure InvalidJson(string? param) => Invalid("invalid_json", param is null
        ? "The body is not a valid JSON object."
        : "The value has the wrong JSON type, or is not one of the allowed words.", param);

    public static Failure BodyRequired() => Invalid("body_required", "The request needs a JSON object as its body.");

    public static Failure InvalidParameter(string? param, string message) => Invalid("invalid_parameter", message, param);

    public static Failure MissingParameter(string param) => Invalid("parameter_missing", $"{param} is required.", param);

    public static Failure RouteNotFound() => new(404, ErrorTypes.NotFound, "route_not_found", "There is no such route. /docs lists them all.");

    public static Failure MethodNotAllowed() => new(405, ErrorTypes.InvalidRequest, "method_not_allowed", "The route does not take this method. The Allow header lists those that it takes.");

    public static Failure BodyTooLarge() => new(413, ErrorTypes.InvalidRequest, "body_too_large", "The body is larger than 1 MiB. Files are not sent here but to the presigned URL.");

    public static Failure UnsupportedMediaType() => new(415, ErrorTypes.InvalidRequest, "unsupported_media_type", "The body must be sent as application/json.");

    // Who is asking, and may they.
    public static Failure TokenMissing() => Unauthenticated("token_missing", "Send an API key or session token: Authorization: Bearer …");

    public static Failure TokenMalformed() => Unauthenticated("token_malformed", "The Authorization header is not of the form: Bearer <token>");

    public static Failure TokenUnknown() => Unauthenticated("token_unknown", "This API key or session token is not known.");

    public static Failure TokenRevoked() => Unauthenticated("token_revoked", "This API key or session has been revoked.");

    public static Failure TokenExpired() => Unauthenticated("token_expired", "This API key or session has expired.");

    public static UnauthorizedError SignInFailed() => new(Unauthenticated(
        "sign_in_failed", "E-mail or password is wrong. After five wrong tries in a row an account is locked for 15 minutes."));

    public static Failure ScopeMissing(string scope) => new(403, ErrorTypes.Permission, "scope_missing", $"This needs the scope {scope}, which the API key or user does not have.");

    public static Failure SessionRequired() => new(403, ErrorTypes.Permission, "session_required", "This is for dashboard sessions; API keys have none.");

    public static Failure AccessDenied() => new(403, ErrorTypes.Permission, "access_denied", "This is not allowed.");

    // Artifacts.
    public static NotFoundError ArtifactNotFound() => new(new(404, ErrorTypes.NotFound, "artifact_not_found", "There is no such artifact."));

    public static BadRequestError SourceConflict(string param) => new(Invalid("source_conflict", "Give at most one of url, s3Path and fragments.", param));

    public static BadRequestError FragmentsNotSupported() => new(Invalid("fragments_not_supported", "A script can't be joined from fragments.", "fragments"));

    public static BadRequestError FragmentMissing(string param) => new(Invalid("invalid_parameter", "A fragment must be an object.", param));

    public static BadRequestError FragmentSourceMissing(string param) => new(Invalid("fragment_source_missing", "A fragment needs one of url and s3Path.", param));

    public static BadRequestError FragmentSourceConflict(string param) => new(Invalid("source_conflict", "A fragment takes one of url and s3Path, not both.", param));

    public static BadRequestError EmptyCut(string param) => new(Invalid("invalid_parameter", "outPoint must be greater than inPoint.", param));

    public static BadRequestError InvalidUrl(string param) => new(Invalid("invalid_url", "This must be an absolute http or https URL without a user name or password in it.", param));

    public static BadRequestError ForbiddenAddress(string param) => new(Invalid("forbidden_address", "This does not lead to a public address.", param));

    public static BadRequestError InvalidS3Path(string param) => new(Invalid("invalid_s3_path", "This must have the form s3://bucket/key.", param));

    public static BadRequestError S3PathForbidden(string param) => new(Invalid("s3_path_forbidden", "In the platform's own bucket only paths from GET /api/v1/artifacts/create can be used.", param));

    public static BadRequestError S3PathNotFound(string param) => new(Invalid("s3_path_not_found", "This path was not handed out by GET /api/v1/artifacts/create, or more than 24 hours ago.", param));

    public static BadRequestError S3CredentialsRequired(string param) => new(Invalid(
        "s3_credentials_required", "Reading this bucket needs S3 credentials: attach them to the API key with PUT /api/v1/api-keys/{id}/s3-credentials and create the artifact with that key.", param));

    public static BadRequestError InvalidMetadata(string message) => new(Invalid("invalid_metadata", message, "metadata"));

    public static BadRequestError InvalidCursor(string param) => new(Invalid("invalid_cursor", "There is nothing with this id to go on from.", param));

    public static BadRequestError CursorConflict() => new(Invalid("cursor_conflict", "Give at most one of startingAfter and endingBefore.", "endingBefore"));

    public static ConflictError NotFailed() => new(Conflict("not_failed", "Only an artifact in status upload_failed can be retried."));

    public static ConflictError NotCompleted() => new(Conflict("not_completed", "Only an artifact in status upload_completed can be downloaded."));

    public static ConflictError UploadMissing() => new(Conflict("upload_missing", "The file has not arrived yet. PUT it to the presigned URL first."));

    public static ConflictError NotAnUpload() => new(Conflict("not_an_upload", "This artifact takes its file from elsewhere; there is no PUT to complete."));

    // API keys.
    public static NotFoundError ApiKeyNotFound() => new(new(404, ErrorTypes.NotFound, "api_key_not_found", "There is no such API key."));

    public static NotFoundError S3CredentialsNotFound() => new(new(404, ErrorTypes.NotFound, "s3_credentials_not_found", "The API key has no S3 credentials attached."));

    public static BadRequestError UnknownScope(string param, IEnumerable<string> known) => new(Invalid("unknown_scope", $"A scope is one of {string.Join(", ", known)}.", param));

    public static BadRequestError ExpiryPast() => new(Invalid("invalid_parameter", "expiresAt must be in the future.", "expiresAt"));

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
