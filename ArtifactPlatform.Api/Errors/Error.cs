using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Core.Usage;

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

    public static Failure UnstorableText(string? param) => InvalidParameter(param, "Text must not hold NUL characters (U+0000).");

    public static Failure MissingParameter(string param) => Invalid("parameter_missing", $"{param} is required.", param);

    public static Failure RouteNotFound() => new(404, ErrorTypes.NotFound, "route_not_found", "There is no such route. /docs lists them all.");

    public static Failure MethodNotAllowed() => new(405, ErrorTypes.InvalidRequest, "method_not_allowed", "The route does not take this method. The Allow header lists those that it takes.");

    public static Failure BodyTooLarge() => new(413, ErrorTypes.InvalidRequest, "body_too_large", "The body is larger than 1 MiB. Files are not sent here but to the presigned URL.");

    public static Failure UnsupportedMediaType() => new(415, ErrorTypes.InvalidRequest, "unsupported_media_type", "The body must be sent as application/json.");

    // Who is asking, and may they.
    public static Failure TokenMissing() => Unauthenticated("token_missing", "Send an API key or session token: Authorization: Bearer …");

    public static Failure TokenMalformed() => Unauthenticated("token_malformed", "The Authorization header is not of the form: Bearer <token>");

    public static Failure TokenUnknown() => Unauthenticated("token_unknown", "This API key, session token or access token is not known.");

    public static Failure TokenRevoked() => Unauthenticated("token_revoked", "This API key, session or machine client has been revoked.");

    public static Failure TokenExpired() => Unauthenticated("token_expired", "This API key, session or access token has expired.");

    public static Failure TokenRotated() => Unauthenticated("token_rotated", "This API key was rotated, and the time in which the old one was good is over. Use the new one.");

    public static UnauthorizedError SignInFailed() => new(Unauthenticated(
        "sign_in_failed", "E-mail or password is wrong. After five wrong tries in a row an account is locked for 15 minutes."));

    /// <param name="whose">Who lacks it; null = a key or a person.</param>
    public static Failure ScopeMissing(string scope, string? whose = null) => new(
        403, ErrorTypes.Permission, "scope_missing",
        $"This needs the scope {scope}, which {whose ?? "the API key or user"} does not have.{(whose is null ? " A key does no more than its maker may do at present." : null)}");

    public static Failure SessionRequired() => new(403, ErrorTypes.Permission, "session_required", "This is for dashboard sessions; API keys have none.");

    public static Failure MachineRequired() => new(403, ErrorTypes.Permission, "machine_required", "This is for machine clients. With an API key or session, use the same route under /api/v1/docks.");

    public static Failure MachineDenied() => new(403, ErrorTypes.Permission, "machine_denied", "An access token is good for its own dock under /api/v1/machine/docks alone.");

    public static Failure DockDenied() => new(403, ErrorTypes.Permission, "dock_denied", "Dock access denied: this client is tied to another dock.");

    public static Failure AccessDenied() => new(403, ErrorTypes.Permission, "access_denied", "This is not allowed.");

    public static UnauthorizedError OidcTokenInvalid() => new(Unauthenticated(
        "oidc_token_invalid", "The identity token is not a fresh one of the provider for this sign-in. Sign in at the provider again."));

    public static UnauthorizedError OidcEmailUnverified() => new(Unauthenticated(
        "oidc_email_unverified", "The provider does not vouch for an e-mail address: its identity token must carry email, and email_verified as true."));

    public static UnauthorizedError OidcAccountMissing() => new(Unauthenticated(
        "oidc_account_missing", "No account has this address, or it belongs to another person at the provider. Ask an owner of your company for an invitation."));

    public static NotFoundError OidcNotConfigured() => new(new(404, ErrorTypes.NotFound, "oidc_not_configured", "Signing in through a provider is not set up here."));

    public static FailureResult OidcProviderUnavailable() => new(new(503, ErrorTypes.Api, "oidc_provider_unavailable", "The provider can't be reached at the moment. Try again shortly, or sign in with a password."));

    // People.
    public static NotFoundError UserNotFound() => new(new(404, ErrorTypes.NotFound, "user_not_found", "There is no such person in the company."));

    public static NotFoundError SessionNotFound() => new(new(404, ErrorTypes.NotFound, "session_not_found", "There is no such session of yours."));

    public static NotFoundError InvitationNotFound() => new(new(404, ErrorTypes.NotFound, "invitation_not_found", "There is no such invitation."));

    public static BadRequestError InvitationInvalid(string param) => new(Invalid(
        "invitation_invalid", "This invitation can't be used: it was taken up, revoked or replaced, has run out, or is not for this address. Ask whoever invited you for another one.", param));

    public static ConflictError AlreadyMember() => new(Conflict("already_member", "This person is in the company already.") with { Param = "email" });

    public static ConflictError TooManyInvitations(int most) => new(Conflict("too_many", $"A company has at most {most} open invitations. Revoke one first."));

    public static ConflictError LastOwner() => new(Conflict("last_owner", "This is the company's last owner. Make someone else an owner first."));

    public static BadRequestError PasswordTooCommon(string param) => new(Invalid(
        "password_too_common", "This password is among those that are guessed first. Take a longer phrase, or one that a password manager makes.", param));

    public static BadRequestError CurrentPasswordWrong() => new(Invalid(
        "current_password_wrong", "The current password is wrong. After five wrong tries in a row none is looked at for 15 minutes.", "currentPassword"));

    public static BadRequestError PasswordUnchanged() => new(Invalid("password_unchanged", "The new password is the current one. Choose another.", "newPassword"));

    public static ConflictError NoPassword() => new(Conflict("no_password", "This account signs in through a provider and has no password."));

    // Limits, quotas and usage.
    public static Failure RateLimited(TimeSpan retryAfter) => new(429, ErrorTypes.RateLimit, "rate_limited", "Too many requests at once. Wait for as long as Retry-After says, then send this one again.") { RetryAfter = retryAfter };

    public static Failure QuotaExceeded(QuotaExceededException e) => new(402, ErrorTypes.QuotaExceeded, QuotaExceededException.Code, e.Message);

    public static Failure InvalidIdempotencyKey(int most) => Invalid("invalid_idempotency_key", $"An idempotency key has 1 to {most} characters, and is sent once.", "Idempotency-Key");

    public static Failure IdempotencyKeyReused() => Conflict("idempotency_key_reused", "This idempotency key was used for another request: another path, query or body. Choose a new key for a new request.") with { Param = "Idempotency-Key" };

    public static Failure IdempotencyKeyInUse(TimeSpan retryAfter) => Conflict("idempotency_key_in_use", "The first request with this idempotency key is still under way. Send it again after a moment to get its answer.") with { Param = "Idempotency-Key", RetryAfter = retryAfter };

    public static Failure AnswerLost() => Conflict("answer_lost", "The first request with this idempotency key was carried out, but its answer was lost. Look at what it has made or changed; to do it once more, choose a new key.") with { Param = "Idempotency-Key" };

    public static BadRequestError PeriodReversed() => new(Invalid("invalid_parameter", "from must not be later than to.", "from"));

    public static BadRequestError PeriodTooLong(int mostDays) => new(Invalid("invalid_parameter", $"At most {mostDays} days can be shown at once. Ask for a later from or an earlier to.", "from"));

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
        "s3_credentials_required", "Reading this bucket needs S3 credentials: attach them to the API key with PUT /api/v1/api-keys/{id}/s3-credentials and create the artifact with that key.", param) with { Passing = true });

    public static BadRequestError InvalidMetadata(string message) => new(Invalid("invalid_metadata", message, "metadata"));

    public static BadRequestError InvalidCursor(string param) => new(Invalid("invalid_cursor", "There is nothing with this id to go on from.", param));

    public static BadRequestError CursorConflict() => new(Invalid("cursor_conflict", "Give at most one of startingAfter and endingBefore.", "endingBefore"));

    public static ConflictError NotFailed() => new(Conflict("not_failed", "Only an artifact in status upload_failed can be retried."));

    public static ConflictError NotCompleted() => new(Conflict("not_completed", "Only an artifact in status upload_completed can be downloaded."));

    public static ConflictError UploadMissing() => new(Conflict("upload_missing", "The file has not arrived yet. PUT it to the presigned URL first."));

    public static ConflictError NothingToRetry() => new(Conflict("upload_missing", "The file of this artifact was never uploaded, or is not kept any more. Create a new artifact and upload the file to its URL."));

    public static ConflictError NotAnUpload() => new(Conflict("not_an_upload", "This artifact takes its file from elsewhere; there is no PUT to complete."));

    // Uploads.
    public static NotFoundError UploadNotFound() => new(new(404, ErrorTypes.NotFound, "upload_not_found", "There is no such upload."));

    public static ConflictError FileTooLarge() => new(Conflict("file_too_large", "A file may have at most 5 TB. Split it, and join the pieces as fragments of an artifact.") with { Param = "file_size_bytes" });

    public static ConflictError UploadEnded(UploadStatus status) => new(status == UploadStatus.Completed
        ? Conflict("upload_completed", "The upload has been finalized.")
        : Conflict("upload_aborted", "The upload was aborted, or was not finalized in time. Open a new one."));

    public static ConflictError NotMultipart() => new(Conflict("not_multipart", "This upload takes one PUT to its url and has no parts."));

    public static BadRequestError FileMissing() => new(Invalid("file_missing", "The file has not arrived yet. Upload it first; GET /api/v1/uploads/{id} gives fresh URLs for what is missing.") with { Passing = true });

    public static BadRequestError FileChanged() => new(Invalid("file_changed", "The file was uploaded anew while it was finalized. Finalize again once that has ended.") with { Passing = true });

    public static BadRequestError PartMissing(int number) => new(Invalid("part_missing", $"Part {number} has not arrived. Upload it, then finalize again.", $"parts[{number}]") with { Passing = true });

    public static BadRequestError PartSizeDiffers(int number, long size, long expected) =>
        new(Invalid("part_size_mismatch", $"Part {number} has {size} bytes and must have {expected}. Upload it again, then finalize again.", $"parts[{number}]") with { Passing = true });

    public static BadRequestError PartUnexpected(int number) => new(Invalid("part_unexpected", $"Part {number} lies behind the declared end of the file.", $"parts[{number}]") with { Passing = true });

    public static BadRequestError SizeDiffers(string param, long actual, long said) => new(Invalid("size_mismatch", $"The file has {actual} bytes, not {said}.", param) with { Passing = true });

    public static BadRequestError DeclaredSizeDiffers(long declared) => new(Invalid("size_mismatch", $"The upload was opened for {declared} bytes.", "file_size_bytes"));

    public static BadRequestError TypeDiffers(string declared) => new(Invalid("type_mismatch", $"The upload was opened for {declared}.", "mime_type"));

    // Videos.
    public static NotFoundError VideoNotFound() => new(new(404, ErrorTypes.NotFound, "video_not_found", "There is no such video."));

    public static NotFoundError PlaybackIdNotFound() => new(new(404, ErrorTypes.NotFound, "playback_id_not_found", "There is no such playback id."));

    public static NotFoundError PlaybackKeyNotFound() => new(new(404, ErrorTypes.NotFound, "playback_key_not_found", "There is no such playback key."));

    public static NotFoundError CaptionNotFound() => new(new(404, ErrorTypes.NotFound, "caption_not_found", "There are no such captions."));

    public static BadRequestError VideoSourceMissing() => new(Invalid("source_missing", "Give one of input and artifact_id.", "input"));

    public static BadRequestError VideoSourceConflict() => new(Invalid("source_conflict", "Give one of input and artifact_id, not both.", "artifact_id"));

    public static BadRequestError VideoArtifactUnfit(string message) => new(Invalid("artifact_unfit", message, "artifact_id") with { Passing = true });

    public static ConflictError VideoBusy() => new(Conflict("video_busy", "The video is being made. Wait until it is ready or errored."));

    public static ConflictError VideoSourceUnusable() => new(Conflict("source_unusable", "The artifact that the video was made from is not completed: see its errorMessage. Make a new video from a good file, or retry the artifact first."));

    public static ConflictError VideoSourceGone() => new(Conflict("source_gone", "The artifact that the video was made from has been deleted; it can't be made anew."));

    public static ConflictError TooMany(string what, int most) => new(Conflict("too_many", $"A video has at most {most} {what}. Delete one first."));

    public static ConflictError TooManyPlaybackKeys(int most) => new(Conflict("too_many", $"A company has at most {most} playback keys. Delete one first."));

    public static BadRequestError CaptionSourceMissing() => new(Invalid("source_missing", "Give one of text and artifact_id.", "text"));

    public static BadRequestError InvalidCaptions(string param, string message) => new(Invalid("invalid_captions", message, param));

    public static NotFoundError NotPlayableYet() => new(new(404, ErrorTypes.NotFound, "not_playable_yet", "There is nothing to play yet. Try again when the video's playback addresses are set."));

    public static NotFoundError RenditionNotFound() => new(new(404, ErrorTypes.NotFound, "rendition_not_found", "The video has no such rendition."));

    public static FailureResult ThumbnailLate() => new(new(503, ErrorTypes.Api, "thumbnail_late", "The frame is being taken. Ask again shortly."));

    public static FailureResult PlaybackForbidden(string message) => new(new(403, ErrorTypes.Permission, "playback_forbidden", message));

    // Docks.
    public static NotFoundError DockNotFound() => new(new(404, ErrorTypes.NotFound, "dock_not_found", "There is no such dock."));

    public static ConflictError DockNotEmpty() => new(Conflict("dock_not_empty", "The dock holds artifacts, or awaits some. Delete them first."));

    public static ConflictError TooManyInCompany(string what, int most) => new(Conflict("too_many", $"A company has at most {most} {what}. Delete one first."));

    public static ConflictError TooManyInDock(string what, int most) => new(Conflict("too_many", $"A dock has at most {most} {what}. Delete one first."));

    public static NotFoundError MachineClientNotFound() => new(new(404, ErrorTypes.NotFound, "machine_client_not_found", "There is no such machine client."));

    public static ConflictError MachineClientChanged() => new(Conflict("machine_client_changed", "The machine client was rotated by another request at the same moment. Look at it, then decide anew."));

    public static NotFoundError DockArtifactNotFound() => new(new(404, ErrorTypes.NotFound, "artifact_not_found", "There is no such artifact in this dock."));

    public static NotFoundError DockUploadNotFound() => new(new(404, ErrorTypes.NotFound, "upload_not_found", "There is no such upload in this dock."));

    public static ConflictError DepositTooLarge(long maxBytes) => new(Conflict("file_too_large", $"This dock takes files of at most {maxBytes} bytes.") with { Param = "size" });

    public static ConflictError ContentDamaged() => new(Conflict("content_damaged", "The stored file is no longer the one that was verified. It is not handed out; deposit it anew, and tell the operator."));

    public static BadRequestError InvalidMetadataFilter() => new(Invalid("invalid_metadata", "metadata must be a JSON object, like {\"patientId\":\"P-1\"}.", "metadata"));

    public static BadRequestError OffsetConflict() => new(Invalid("cursor_conflict", "Give at most one of offset and cursor.", "offset"));

    // Webhooks.
    public static NotFoundError WebhookEndpointNotFound() => new(new(404, ErrorTypes.NotFound, "webhook_endpoint_not_found", "There is no such webhook endpoint."));

    public static ConflictError WebhookEndpointChanged() => new(Conflict("webhook_endpoint_changed", "The secret was rotated by another request at the same moment. Look at the endpoint, then decide anew."));

    public static ConflictError WebhookEndpointDisabled() => new(Conflict("webhook_endpoint_disabled", "The webhook endpoint is disabled. Enable it first."));

    public static BadRequestError UnknownEventType(string param, IEnumerable<string> known) => new(Invalid("unknown_event_type", $"This must be *, all of one kind like artifact.*, or one of {string.Join(", ", known)}.", param));

    public static BadRequestError ReplayRangeRequired() => new(Invalid("replay_range_required", "Give eventId for one event, or after, and before if you like, for a range.", "eventId"));

    public static BadRequestError InvalidReplayRange(string param) => new(Invalid("invalid_parameter", $"{param} must be an event's id or an instant, like 2026-01-12T12:30:00Z.", param));

    public static NotFoundError EventNotFound() => new(new(404, ErrorTypes.NotFound, "event_not_found", "There is no such event, or it is no longer kept."));

    // API keys.
    public static NotFoundError ApiKeyNotFound() => new(new(404, ErrorTypes.NotFound, "api_key_not_found", "There is no such API key."));

    public static ConflictError ApiKeyEnded() => new(Conflict("api_key_ended", "The API key is revoked or expired. Make a new one."));

    public static ConflictError ApiKeyChanged() => new(Conflict("api_key_changed", "The API key was rotated or revoked by another request at the same moment. Look at it, then decide anew."));

    public static NotFoundError S3CredentialsNotFound() => new(new(404, ErrorTypes.NotFound, "s3_credentials_not_found", "The API key has no S3 credentials attached."));

    public static BadRequestError UnknownScope(string param, IEnumerable<string> known) => new(Invalid("unknown_scope", $"A scope is one of {string.Join(", ", known)}.", param));

    public static NotFoundError NotRestorable() => new(new(404, ErrorTypes.NotFound, "artifact_not_restorable", "There is no such deleted artifact, or its files have been removed."));

    public static BadRequestError EventsPruned(string param) => new(Invalid("events_pruned", "Events behind this one have been removed, as the company's retention settings say. Read the present state of what you follow, then go on without this id.", param));

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
