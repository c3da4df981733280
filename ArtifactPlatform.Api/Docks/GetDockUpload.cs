using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

internal static class GetDockUpload
{
    public static async Task<Results<Ok<DockUploadObject>, NotFoundError>> Handle(string dockId, string dockUploadId, Caller caller, PlatformDb db, CancellationToken ct)
    {
        var artifact = await db.DockArtifacts.AsNoTracking().SingleOrDefaultAsync(a => a.UploadId == dockUploadId && a.DockId == dockId && a.CompanyId == caller.CompanyId, ct);
        return artifact is null ? Error.DockUploadNotFound() : TypedResults.Ok(new DockUploadObject
        {
            Id = artifact.UploadId,
            ArtifactId = artifact.Id,
            DockId = artifact.DockId,
            Status = artifact.Status,
            Bytes = artifact.SizeBytes,
            Error = artifact.ErrorCode is { } code ? new DockUploadError(code, artifact.ErrorMessage ?? "") : null,
            ExpiresAt = artifact.UploadExpiresAt,
            UploadedAt = artifact.UploadedAt,
            CreatedAt = artifact.CreatedAt,
            UpdatedAt = artifact.UpdatedAt,
        });
    }
}
