using ArtifactPlatform.Client;

namespace ArtifactPlatform.Api.Errors;

internal static partial class Error
{
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
}
