using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Uploads;
using ArtifactPlatform.Core.Usage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Uploads;

internal static class FinalizeUpload
{
    public static async Task<Results<Ok<VideoObject>, BadRequestError, NotFoundError, ConflictError>> Handle(
        string uploadId, FinalizeUploadRequest request, Caller caller, PlatformDb db, LandedFile landed, VideoOfUpload videos, Quota quota, CancellationToken ct)
    {
        var upload = await db.Uploads.AsNoTracking().SingleOrDefaultAsync(u => u.Id == uploadId && u.CompanyId == caller.CompanyId, ct);
        if (upload is null)
        {
            return Error.UploadNotFound();
        }

        if (upload.Status == UploadStatus.Created)
        {
            if (Check(upload, request) is { } wrong)
            {
                return wrong;
            }

            await quota.CheckAsync(db, UsageKind.EncodeTime, caller.CompanyId, amount: 0, ct);
            var (key, missing) = await landed.SettleAsync(upload, ct);
            if (missing is not null)
            {
                return missing;
            }

            if (!await videos.CreateAsync(upload, key, ct))
            {
                // Somebody else was first, or ended it: nothing of this call's own must stay behind.
                await landed.ForgetAsync(upload, key, await StatusAsync(db, upload, ct), ct);
            }
        }

        return await videos.FindAsync(upload, ct) is { } video ? TypedResults.Ok(video) : Error.UploadEnded(await StatusAsync(db, upload, ct));
    }

    private static BadRequestError? Check(UploadSession upload, FinalizeUploadRequest request)
    {
        if (request.FileSizeBytes != upload.FileSizeBytes)
        {
            return Error.DeclaredSizeDiffers(upload.FileSizeBytes);
        }

        return string.Equals(request.MimeType, upload.MimeType, StringComparison.OrdinalIgnoreCase) ? null : Error.TypeDiffers(upload.MimeType);
    }

    private static Task<UploadStatus> StatusAsync(PlatformDb db, UploadSession upload, CancellationToken ct) =>
        db.Uploads.Where(u => u.Id == upload.Id && u.CompanyId == upload.CompanyId).Select(u => u.Status).SingleAsync(ct);
}
