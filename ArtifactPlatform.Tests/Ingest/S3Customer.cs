using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ArtifactPlatform.Tests.Ingest;

/// <summary>A customer: a further S3 user in the platform's store, with a bucket of its own.</summary>
public sealed class S3Customer : IDisposable
{
    private readonly AmazonS3Client s3;

    private S3Customer(Uri endpoint, string accessKey, string secret)
    {
        (AccessKey, Secret) = (accessKey, secret);
        s3 = new(new BasicAWSCredentials(accessKey, secret), new AmazonS3Config
        {
            ServiceURL = endpoint.ToString(),
            ForcePathStyle = true,
            UseHttp = true,
            AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    public string AccessKey { get; }

    public string Secret { get; }

    public string Bucket { get; } = $"customer-{Guid.NewGuid():N}"[..24];

    /// <summary>Makes the user and its bucket, and attaches its credentials to the company's key.</summary>
    /// <param name="endpoint">Where the company says that its store is.</param>
    public static async Task<S3Customer> CreateAsync(Platform platform, TestCompany company, Uri endpoint)
    {
        var (accessKey, secret) = await S3Users.CreateAsync(platform);
        var customer = new S3Customer(platform.StoreAddress.Endpoint, accessKey, secret);
        await customer.s3.PutBucketAsync(customer.Bucket);
        await company.Client.PutS3CredentialsAsync(
            company.ApiKeyId,
            new() { AccessKeyId = accessKey, SecretAccessKey = secret, Region = "us-east-1", Endpoint = endpoint.ToString() },
            TestContext.Current.CancellationToken);
        return customer;
    }

    public async Task<string> PutAsync(string key, byte[] content)
    {
        using var body = new MemoryStream(content);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, InputStream = body });
        return $"s3://{Bucket}/{key}";
    }

    /// <summary>Lets another user do one thing with the bucket.</summary>
    /// <param name="action"><c>s3:ListBucket</c>.</param>
    public Task AllowAsync(string otherAccessKey, string action) => s3.PutBucketPolicyAsync(new PutBucketPolicyRequest
    {
        BucketName = Bucket,
        Policy = $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/{{otherAccessKey}}"]},
             "Action":["{{action}}"],"Resource":["arn:aws:s3:::{{Bucket}}","arn:aws:s3:::{{Bucket}}/*"]}]}
            """,
    });

    public void Dispose() => s3.Dispose();
}
