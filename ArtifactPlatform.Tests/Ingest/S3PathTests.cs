using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Ingest;

/// <summary>Customers' buckets: a second S3 user in the same store, and the same store under another address as "another store".</summary>
public sealed class S3PathTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bucket_in_the_same_store_is_copied_inside_it()
    {
        var company = await platform.NewCompanyAsync();
        using var customer = await S3Customer.CreateAsync(platform, company, platform.StoreAddress.Endpoint);
        var content = WavFile.Of(300_000);
        var path = await customer.PutAsync("in/tone.wav", content);

        var done = await company.CompletedAsync((await CreateAsync(company, path)).Id);

        Assert.Equal(content.Length, done.Size);
        Assert.Equal(content, await UrlTests.DownloadAsync(company, done.Id));
        // The line comes through a pipe: it may be later than the answer.
        await Eventually.TrueAsync(
            () => Task.FromResult(platform.LogsAbout(done.Id).Contains("server-side copy", StringComparison.Ordinal)),
            () => $"the log to tell of the copy\n{platform.LogsAbout(done.Id)}");
    }

    [Fact]
    public async Task A_copy_above_the_limit_of_one_call_goes_in_parts()
    {
        var company = await platform.NewCompanyAsync();
        using var customer = await S3Customer.CreateAsync(platform, company, platform.StoreAddress.Endpoint);
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
        using var customer = await S3Customer.CreateAsync(platform, company, elsewhere.Endpoint);
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
        using var myCustomer = await S3Customer.CreateAsync(platform, mine, platform.StoreAddress.Endpoint);
        using var theirCustomer = await S3Customer.CreateAsync(platform, theirs, platform.StoreAddress.Endpoint);
        var path = await theirCustomer.PutAsync("secret.wav", WavFile.Of(1000));

        var failed = await mine.FailedAsync((await CreateAsync(mine, path)).Id, "s3_access_denied");

        Assert.Contains("s3:GetObject", failed.ErrorMessage);
    }

    [Fact]
    public async Task A_wrong_secret_a_missing_object_and_a_missing_bucket_are_told_apart()
    {
        var company = await platform.NewCompanyAsync();
        using var customer = await S3Customer.CreateAsync(platform, company, platform.StoreAddress.Endpoint);
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
        using var customer = await S3Customer.CreateAsync(platform, company, platform.StoreAddress.Endpoint);
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
        await company.Client.PutS3CredentialsAsync(company.ApiKeyId, new() { AccessKeyId = "a", SecretAccessKey = "b", Region = "us-east-1", Endpoint = "https://s3.example.com" }, ct);
        // As when the name has come to lead elsewhere since.
        var elsewhere = $"http://127.0.0.2:{platform.StoreAddress.Endpoint.Port}";
        await using var db = platform.Database();
        await db.S3Credentials.Where(c => c.ApiKeyId == company.ApiKeyId).ExecuteUpdateAsync(set => set.SetProperty(c => c.Endpoint, elsewhere), ct);

        var failed = await company.FailedAsync((await CreateAsync(company, "s3://somebody/file.wav")).Id, "forbidden_address");

        Assert.Contains("endpoint", failed.ErrorMessage);
    }

    private static Task<ArtifactObject> CreateAsync(TestCompany company, string path) =>
        company.Client.CreateArtifactAsync(new() { Name = "tone.wav", Type = ArtifactType.Audio, S3Path = path }, TestContext.Current.CancellationToken);
}
