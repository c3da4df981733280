using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Uploads;

namespace ArtifactPlatform.Api.Uploads;

/// <summary>Signs the parts of a session.</summary>
internal static class SignedUrls
{
    /// <summary>URLs for parts of an open multipart session; no more than fit one answer.</summary>
    public static List<PartUrl> Sign(this UploadSession upload, IEnumerable<int> numbers, MultipartUploads parts) =>
        [.. numbers.Take(UploadLimits.MaxUrlsPerAnswer).Select(n => new PartUrl(n, parts.PresignPart(upload.S3Key, upload.S3UploadId ?? "", n, UploadLimits.UrlLifetime)))];
}
