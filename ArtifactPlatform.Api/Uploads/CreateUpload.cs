using System.Text.Json;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Uploads;
using ArtifactPlatform.Core.Usage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Uploads;

internal static class CreateUpload
{
    public static async Task<Results<Ok<UploadObject>, BadRequestError, ConflictError>> Handle(
        CreateUploadRequest request, Caller caller, PlatformDb db, EventLog events, EventNudge nudge, ObjectStore store, MultipartUploads parts, Quota quota, TimeProvider clock, CancellationToken ct)
    {
        if (TagRules.Check(request.Tags) is { } error)
        {
            return error;
        }

        if (request.FileSizeBytes > UploadLimits.MaxFileBytes)
        {
            return Error.FileTooLarge();
        }

        var upload = new UploadSession(caller.CompanyId, caller.UserId, caller.ApiKeyId, request, clock.GetUtcNow());
        if (upload.Method == UploadTransport.Multipart)
        {
            // Dying behind this leaves an empty multipart upload, which the bucket's own rule removes.
            upload.WithMultipart(await parts.BeginAsync(upload.S3Key, upload.MimeType, ct));
        }

        var shown = upload.ToObject();
        try
        {
            await StoreAsync(upload, shown, db, events, quota, ct);
        }
        catch (QuotaExceededException) when (upload.S3UploadId is { } begun)
        {
            await parts.AbortAsync(upload.S3Key, begun, ct);
            throw;
        }

        await nudge.SendAsync(caller.CompanyId);
        return TypedResults.Ok(upload.Method == UploadTransport.Single
            ? shown with { Url = store.PresignPut(upload.S3Key, UploadLimits.UrlLifetime) }
            : shown with { Parts = upload.Sign(Enumerable.Range(1, shown.PartCount ?? 0), parts) });
    }

    /// <summary>The file's declared size is put aside for the artifact that it will become.</summary>
    private static async Task StoreAsync(UploadSession upload, UploadObject shown, PlatformDb db, EventLog events, Quota quota, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await quota.ReserveAsync(db, UsageKind.StoredBytes, upload.CompanyId, upload.ArtifactId, upload.FileSizeBytes, ct);
        db.Add(upload);
        await db.SaveChangesAsync(ct);
        await events.AppendAsync(db, upload.CompanyId, EventTypes.UploadCreated, upload.Id, JsonSerializer.Serialize(shown, ContractJson.Options), ct);
        await transaction.CommitAsync(ct);
    }
}
