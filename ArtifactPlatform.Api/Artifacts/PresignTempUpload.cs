using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Artifacts;

internal static class PresignTempUpload
{
    public static async Task<Ok<PresignedTempUpload>> Handle(
        [Description("Name of the file, 1-255 characters. Its extension stays; other unusual characters are replaced in the path.")]
        [Required, TextLength(255, MinimumLength = 1), RegularExpression(@"^\P{Cc}*$", ErrorMessage = "The field {0} must not contain control characters.")]
        string fileName,
        Caller caller,
        PlatformDb db,
        ObjectStore store,
        TimeProvider clock,
        CancellationToken ct)
    {
        var place = new TempUpload(caller.CompanyId, fileName, clock.GetUtcNow(), IngestLimits.TempUploadLifetime);
        db.Add(place);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new PresignedTempUpload($"s3://{store.Bucket}/{place.S3Key}", store.PresignPut(place.S3Key, IngestLimits.TempUploadLifetime), place.ExpiresAt));
    }
}
