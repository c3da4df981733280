using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Uploads;

namespace ArtifactPlatform.Api.Uploads;

/// <summary>Brings an upload's bytes to where its artifact keeps them.</summary>
internal sealed class LandedFile(ObjectStore store, MultipartUploads parts, ObjectCopier copier)
{
    /// <returns>The key, or what is missing.</returns>
    public Task<(string Key, BadRequestError? Missing)> SettleAsync(UploadSession upload, CancellationToken ct) =>
        upload.Method == UploadTransport.Single ? CopyAsync(upload, ct) : JoinAsync(upload, ct);

    /// <summary>Removes what one call of <see cref="SettleAsync"/> made and nobody wants. Joined parts stand at the one key that all calls share.</summary>
    /// <param name="status">How the session has ended.</param>
    public async Task ForgetAsync(UploadSession upload, string key, UploadStatus status, CancellationToken ct)
    {
        if (upload.Method == UploadTransport.Single || status == UploadStatus.Aborted)
        {
            await store.DeleteAsync(key, ct);
        }
    }

    /// <summary>The URL can be used again while it lives; a copy at a key of this call's own can't be overwritten.</summary>
    private async Task<(string Key, BadRequestError? Missing)> CopyAsync(UploadSession upload, CancellationToken ct)
    {
        if (await store.HeadAsync(upload.S3Key, ct) is not { } found)
        {
            return ("", Error.FileMissing());
        }

        if (found.SizeBytes != upload.FileSizeBytes)
        {
            return ("", Error.SizeDiffers("file_size_bytes", found.SizeBytes, upload.FileSizeBytes));
        }

        var key = ObjectKeys.StoredUpload(upload.ArtifactId, upload.ArtifactType, upload.Filename);
        try
        {
            await copier.CopyAsync(store.Bucket, upload.S3Key, found, key, _ => { }, ct);
            return (key, null);
        }
        catch (SourceChangedException)
        {
            return ("", Error.FileChanged());
        }
    }

    private async Task<(string Key, BadRequestError? Missing)> JoinAsync(UploadSession upload, CancellationToken ct)
    {
        var (key, id) = (upload.S3Key, upload.S3UploadId ?? "");
        // No such upload: joined by an earlier call whose answer was lost, or by one that runs beside this.
        if (await parts.ListAsync(key, id, ct) is { } stored)
        {
            if (Check(upload, stored) is { } missing)
            {
                return ("", missing);
            }

            await parts.CompleteAsync(key, id, stored, ct);
        }

        var whole = await store.HeadAsync(key, ct);
        return whole?.SizeBytes == upload.FileSizeBytes ? (key, null) : ("", whole is null ? Error.FileMissing() : Error.SizeDiffers("file_size_bytes", whole.SizeBytes, upload.FileSizeBytes));
    }

    private static BadRequestError? Check(UploadSession upload, List<StoredPart> stored)
    {
        var partSize = upload.PartSizeBytes ?? 0;
        var bySize = stored.ToDictionary(p => p.Number, p => p.SizeBytes);
        for (var number = 1; number <= PartPlan.CountOf(upload.FileSizeBytes, partSize); number++)
        {
            var expected = PartPlan.SizeOf(number, upload.FileSizeBytes, partSize);
            if (!bySize.Remove(number, out var size))
            {
                return Error.PartMissing(number);
            }

            if (size != expected)
            {
                return Error.PartSizeDiffers(number, size, expected);
            }
        }

        return bySize.Keys.Order().Select(Error.PartUnexpected).FirstOrDefault();
    }
}
