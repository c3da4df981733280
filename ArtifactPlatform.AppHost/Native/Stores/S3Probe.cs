using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ArtifactPlatform.NativeHosting.Stores;

internal enum S3Health
{
    NotYet,
    Healthy,

    /// <summary>It answers, but does not know the key.</summary>
    KeyRefused,
}

/// <summary>Healthy means that a signed PUT succeeds: an anonymous GET answers long before the store can write.</summary>
internal sealed class S3Probe(string url, string accessKey, string secretKey) : IDisposable
{
    private const string Bucket = "platform-health";
    private readonly AmazonS3Client _s3 = new(
        new BasicAWSCredentials(accessKey, secretKey),
        new AmazonS3Config
        {
            ServiceURL = url,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            MaxErrorRetry = 0,
            Timeout = TimeSpan.FromSeconds(5),
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

    public async Task<S3Health> AskAsync(CancellationToken ct)
    {
        try
        {
            return await PutAsync(ct);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.Forbidden)
        {
            return S3Health.KeyRefused;
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return S3Health.NotYet;
        }
    }

    public void Dispose() => _s3.Dispose();

    private async Task<S3Health> PutAsync(CancellationToken ct)
    {
        var put = new PutObjectRequest { BucketName = Bucket, Key = "healthy", ContentBody = "healthy" };
        try
        {
            await _s3.PutObjectAsync(put, ct);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound)
        {
            await _s3.PutBucketAsync(Bucket, ct);
            await _s3.PutObjectAsync(put, ct);
        }

        return S3Health.Healthy;
    }
}
