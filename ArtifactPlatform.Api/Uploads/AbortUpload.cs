using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Uploads;

internal static class AbortUpload
{
    public static async Task<Results<NoContent, NotFoundError, ConflictError>> Handle(string uploadId, Caller caller, PlatformDb db, AbortedUploads aborted, CancellationToken ct)
    {
        if (await aborted.AbortAsync(caller.CompanyId, uploadId, ct))
        {
            return TypedResults.NoContent();
        }

        var status = await db.Uploads.Where(u => u.Id == uploadId && u.CompanyId == caller.CompanyId).Select(u => (UploadStatus?)u.Status).SingleOrDefaultAsync(ct);
        return status switch
        {
            null => Error.UploadNotFound(),
            UploadStatus.Completed => Error.UploadEnded(UploadStatus.Completed),
            _ => TypedResults.NoContent(),
        };
    }
}
