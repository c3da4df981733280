using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Uploads;

internal static class SignParts
{
    public static async Task<Results<Ok<SignedParts>, BadRequestError, NotFoundError, ConflictError>> Handle(
        string uploadId, SignPartsRequest request, Caller caller, PlatformDb db, MultipartUploads parts, CancellationToken ct)
    {
        var upload = await db.Uploads.AsNoTracking().SingleOrDefaultAsync(u => u.Id == uploadId && u.CompanyId == caller.CompanyId, ct);
        if (upload is null)
        {
            return Error.UploadNotFound();
        }

        if (upload.Status != UploadStatus.Created)
        {
            return Error.UploadEnded(upload.Status);
        }

        if (upload.ToObject().PartCount is not { } count)
        {
            return Error.NotMultipart();
        }

        var numbers = request.PartNumbers ?? [];
        var bad = numbers.ToList().FindIndex(n => n < 1 || n > count);
        return bad >= 0
            ? Error.Bad(Error.InvalidParameter($"part_numbers[{bad}]", $"This upload has the parts 1 to {count}."))
            : TypedResults.Ok(new SignedParts(upload.Sign(numbers.Distinct(), parts)));
    }
}
