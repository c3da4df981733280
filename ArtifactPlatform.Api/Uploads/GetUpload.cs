using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Uploads;

internal static class GetUpload
{
    public static async Task<Results<Ok<UploadObject>, NotFoundError>> Handle(
        string uploadId, Caller caller, PlatformDb db, ObjectStore store, MultipartUploads parts, CancellationToken ct)
    {
        var upload = await db.Uploads.AsNoTracking().SingleOrDefaultAsync(u => u.Id == uploadId && u.CompanyId == caller.CompanyId, ct);
        if (upload is null)
        {
            return Error.UploadNotFound();
        }

        var shown = upload.ToObject();
        return TypedResults.Ok(upload switch
        {
            { Status: not UploadStatus.Created } => shown,
            { Method: UploadTransport.Single } => shown with { Url = store.PresignPut(upload.S3Key, UploadLimits.UrlLifetime) },
            _ => await WithPartsAsync(upload, shown, parts, ct),
        });
    }

    private static async Task<UploadObject> WithPartsAsync(UploadSession upload, UploadObject shown, MultipartUploads parts, CancellationToken ct)
    {
        // None when the store has joined them already: what is left to do is to finalize.
        if (await parts.ListAsync(upload.S3Key, upload.S3UploadId ?? "", ct) is not { } stored)
        {
            return shown with { UploadedParts = [], MissingParts = [] };
        }

        // A part that broke off, or was cut otherwise, has to be sent again.
        var whole = stored.Where(p => p.SizeBytes == PartPlan.SizeOf(p.Number, upload.FileSizeBytes, upload.PartSizeBytes ?? 0)).ToDictionary(p => p.Number);
        var missing = Enumerable.Range(1, shown.PartCount ?? 0).Where(n => !whole.ContainsKey(n));
        return shown with { UploadedParts = [.. whole.Values.Select(p => new UploadedPart(p.Number, p.ETag, p.SizeBytes))], MissingParts = upload.Sign(missing, parts) };
    }
}
