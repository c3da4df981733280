using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Ingest;

/// <summary>Customers' buckets: a second S3 user in the same store, and the same store under another address as "another store".</summary>
public sealed class S3PathTests(Platform platform)
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bucket_in_the_same_store_is_copied_inside_it()
    {
        var company = await platform.NewCompanyAsync();
        using var customer = await CustomerAsync(company, platform.StoreAddress.Endpoint);
        var content = WavFile.Of(300_000);
        var path = await customer.PutAsync("in/tone.wav", content);

        var done = await company.CompletedAsync((await CreateAsync(company, path)).Id);

        Assert.Equal(content.Length, done.Size);
        Assert.Equal(content, await UrlTests.DownloadAsync(company, done.Id));
        Assert.Contains("server-side copy", platform.LogsAbout(done.Id));
    }

    [Fact]
    public async Task A_copy_above_the_limit_of_one_call_goes_in_parts()
    {
        var company = await platform.NewCompanyAsync();
        using var customer = await CustomerAsync(company, platform.StoreAddress.Endpoint);
        // The test platform copies in parts from 5 MiB on: two full ones and a rest.
        var content = WavFile.Of(12_000_000);
        var path = await customer.PutAsync("big ü.wav", content);

        var done = await company.CompletedAsync((await CreateAsync(company, path)).Id);

        Assert.Equal(content, await UrlTests.DownloadAsync(company, done.Id));
    }

    [Fact]
    public async Task A_bucket_in_another_store_is_streamed()
    {
        var company = await platform.NewCompanyAsync();
        // A forwarder makes the store answer at another address, which is another store to the platform.
        await using var elsewhere = await TcpForwarder.StartAsync(platform.StoreAddress.Endpoint);
        using var customer = await CustomerAsync(company, elsewhere.Endpoint);
        var content = WavFile.Of(9_000_000);
        var path = await customer.PutAsync("tone.wav", content);

        var done = await company.CompletedAsync((await CreateAsync(company, path)).Id);

        Assert.Equal(content, await UrlTests.DownloadAsync(company, done.Id));
        Assert.DoesNotContain("server-side copy", platform.LogsAbout(done.Id));
    }

    [Fact]
    public async Task What_the_keys_own_credentials_may_not_read_is_not_read_for_them()
    {
        var (mine, theirs) = (await platform.NewCompanyAsync(), await platform.NewCompanyAsync());
        using var myCustomer = await CustomerAsync(mine, platform.StoreAddress.Endpoint);
        using var theirCustomer = await CustomerAsync(theirs, platform.StoreAddress.Endpoint);
        var path = await theirCustomer.PutAsync("secret.wav", WavFile.Of(1000));

        var failed = await mine.FailedAsync((await CreateAsync(mine, path)).Id, "s3_access_denied");

        Assert.Contains("s3:GetObject", failed.ErrorMessage);
    }

    [Fact]
    public async Task A_wrong_secret_a_missing_object_and_a_missing_bucket_are_told_apart()
    {
        var company = await platform.NewCompanyAsync();
        using var customer = await CustomerAsync(company, platform.StoreAddress.Endpoint);
        var path = await customer.PutAsync("tone.wav", WavFile.Of(1000));
        await company.FailedAsync((await CreateAsync(company, path + "x")).Id, "s3_not_found");
        await company.FailedAsync((await CreateAsync(company, $"s3://nobucket-{Guid.NewGuid():N}/x.wav")).Id, "s3_not_found");

        await company.Client.PutS3CredentialsAsync(
            company.ApiKeyId,
            new() { AccessKeyId = customer.AccessKey, SecretAccessKey = "wrong-secret", Region = "us-east-1", Endpoint = platform.StoreAddress.Endpoint.ToString() },
            ct);
        var failed = await company.FailedAsync((await CreateAsync(company, path)).Id, "s3_access_denied");

        Assert.Contains("secret", failed.ErrorMessage);
        Assert.DoesNotContain("wrong-secret", failed.ErrorMessage);
    }

    [Fact]
    public async Task Credentials_that_can_no_longer_be_decrypted_are_told_plainly()
    {
        var company = await platform.NewCompanyAsync();
        using var customer = await CustomerAsync(company, platform.StoreAddress.Endpoint);
        var path = await customer.PutAsync("tone.wav", WavFile.Of(1000));
        await using var db = platform.Database();
        await db.S3Credentials.Where(c => c.ApiKeyId == company.ApiKeyId).ExecuteUpdateAsync(set => set.SetProperty(c => c.ProtectedSecret, "closed with another key"), ct);

        var failed = await company.FailedAsync((await CreateAsync(company, path)).Id, "s3_credentials_unreadable");

        Assert.Contains("Attach them to the API key again", failed.ErrorMessage);
    }

    [Fact]
    public async Task Without_credentials_a_foreign_bucket_is_refused_at_once()
    {
        var company = await platform.NewCompanyAsync();

        var refused = await Assert.ThrowsAsync<PlatformApiException>(() => CreateAsync(company, "s3://somebody/file.wav"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal("s3_credentials_required", refused.Error.Code);
    }

    [Fact]
    public async Task An_endpoint_at_a_forbidden_address_is_refused_when_it_is_used()
    {
        var company = await platform.NewCompanyAsync();
        await company.Client.PutS3CredentialsAsync(
            company.ApiKeyId,
            new() { AccessKeyId = "a", SecretAccessKey = "b", Region = "us-east-1", Endpoint = $"http://localhost.localdomain.invalid:{platform.StoreAddress.Endpoint.Port}" },
            ct);

        var ended = await company.EndedAsync((await CreateAsync(company, "s3://somebody/file.wav")).Id, TimeSpan.FromMinutes(2));

        Assert.Equal(ArtifactStatus.UploadFailed, ended.Status);
    }

    private static Task<ArtifactObject> CreateAsync(TestCompany company, string path) =>
        company.Client.CreateArtifactAsync(new() { Name = "tone.wav", Type = ArtifactType.Audio, S3Path = path }, TestContext.Current.CancellationToken);

    /// <summary>Makes an S3 user with a bucket and attaches its credentials to the company's key.</summary>
    private async Task<Customer> CustomerAsync(TestCompany company, Uri endpoint)
    {
        var (accessKey, secret) = await S3Users.CreateAsync(platform);
        var customer = new Customer(platform.StoreAddress.Endpoint, accessKey, secret);
        await customer.CreateBucketAsync();
        await company.Client.PutS3CredentialsAsync(
            company.ApiKeyId,
            new() { AccessKeyId = accessKey, SecretAccessKey = secret, Region = "us-east-1", Endpoint = endpoint.ToString() },
            ct);
        return customer;
    }

    private sealed class Customer(Uri endpoint, string accessKey, string secret) : IDisposable
    {
        private readonly AmazonS3Client s3 = new(new BasicAWSCredentials(accessKey, secret), new AmazonS3Config
        {
            ServiceURL = endpoint.ToString(),
            ForcePathStyle = true,
            UseHttp = true,
            AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

        private readonly string bucket = $"customer-{Guid.NewGuid():N}"[..24];

        public string AccessKey => accessKey;

        public Task<PutBucketResponse> CreateBucketAsync() => s3.PutBucketAsync(bucket);

        public async Task<string> PutAsync(string key, byte[] content)
        {
            using var body = new MemoryStream(content);
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, InputStream = body });
            return $"s3://{bucket}/{key}";
        }

        public void Dispose() => s3.Dispose();
    }
}
