using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Uploads;

namespace ArtifactPlatform.Api.Errors;

internal static partial class Error
{
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

    public static BadRequestError CaptionSourceConflict() => new(Invalid("source_conflict", "Give one of text and artifact_id, not both.", "artifact_id"));

    public static BadRequestError InvalidCaptions(string param, string message) => new(Invalid("invalid_captions", message, param));

    public static NotFoundError NotPlayableYet() => new(new(404, ErrorTypes.NotFound, "not_playable_yet", "There is nothing to play yet. Try again when the video's playback addresses are set."));

    public static NotFoundError RenditionNotFound() => new(new(404, ErrorTypes.NotFound, "rendition_not_found", "The video has no such rendition."));

    public static FailureResult ThumbnailLate() => new(new(503, ErrorTypes.Api, "thumbnail_late", "The frame is being taken. Ask again shortly."));

    public static FailureResult PlaybackForbidden(string message) => new(new(403, ErrorTypes.Permission, "playback_forbidden", message));
}
