using ArtifactPlatform.Client;

namespace ArtifactPlatform.Api.Errors;

internal static partial class Error
{
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
        "s3_credentials_required", "Reading this bucket needs S3 credentials: attach them to the API key with PUT /api/v1/api-keys/{id}/s3-credentials and create the artifact with that key.", param) with { Passing = true });

    public static BadRequestError InvalidMetadata(string message) => new(Invalid("invalid_metadata", message, "metadata"));

    public static BadRequestError InvalidCursor(string param) => new(Invalid("invalid_cursor", "There is nothing with this id to go on from.", param));

    public static BadRequestError CursorConflict() => new(Invalid("cursor_conflict", "Give at most one of startingAfter and endingBefore.", "endingBefore"));

    public static ConflictError NotFailed() => new(Conflict("not_failed", "Only an artifact in status upload_failed can be retried."));

    public static ConflictError NotCompleted() => new(Conflict("not_completed", "Only an artifact in status upload_completed can be downloaded."));

    public static ConflictError UploadMissing() => new(Conflict("upload_missing", "The file has not arrived yet. PUT it to the presigned URL first."));

    public static ConflictError NothingToRetry() => new(Conflict("upload_missing", "The file of this artifact was never uploaded, or is not kept any more. Create a new artifact and upload the file to its URL."));

    public static ConflictError NotAnUpload() => new(Conflict("not_an_upload", "This artifact takes its file from elsewhere; there is no PUT to complete."));

    public static NotFoundError NotRestorable() => new(new(404, ErrorTypes.NotFound, "artifact_not_restorable", "There is no such deleted artifact, or its files have been removed."));

    public static ConflictError ContentLost() => new(Conflict("content_lost", "The artifact's file is no longer in the store, so that it can't be restored. Upload the file anew."));

    public static BadRequestError ExpiryPast() => new(Invalid("invalid_parameter", "expiresAt must be in the future.", "expiresAt"));
}
