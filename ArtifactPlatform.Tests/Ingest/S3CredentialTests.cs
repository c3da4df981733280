using System.Net;
using System.Net.Sockets;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.ApiKeys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ArtifactPlatform.Tests.Ingest;

/// <summary>Trying a key's S3 credentials says in words what stands in the way.</summary>
public sealed class S3CredentialTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_can_be_read_is_fine_and_what_is_not_there_is_named()
    {
        var company = await platform.NewCompanyAsync();
        using var customer = await S3Customer.CreateAsync(platform, company, platform.StoreAddress.Endpoint);
        var path = await customer.PutAsync("in/tone ü.wav", WavFile.Of(1000));

        Assert.Equal(new S3CredentialsTest(Ok: true, null, null), await TestAsync(company, path));
        Assert.Equal("not_found", (await TestAsync(company, path + "x")).Problem);
        var missing = await TestAsync(company, $"s3://nobucket-{Guid.NewGuid():N}/x.wav");
        Assert.Equal("no_such_bucket", missing.Problem);
        Assert.Contains("nobucket-", missing.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_permission_is_told_by_its_name()
    {
        var (mine, theirs) = (await platform.NewCompanyAsync(), await platform.NewCompanyAsync());
        using var me = await S3Customer.CreateAsync(platform, mine, platform.StoreAddress.Endpoint);
        using var they = await S3Customer.CreateAsync(platform, theirs, platform.StoreAddress.Endpoint);
        var path = await they.PutAsync("secret.wav", WavFile.Of(1000));

        var neither = await TestAsync(mine, path);
        await they.AllowAsync(me.AccessKey, "s3:ListBucket");
        var listOnly = await TestAsync(mine, path);
        await they.AllowAsync(me.AccessKey, "s3:GetObject");
        var getOnly = await TestAsync(mine, path);

        Assert.Equal(("get_object_and_list_bucket_denied", "get_object_denied", true), (neither.Problem, listOnly.Problem, getOnly.Ok));
        Assert.Contains("s3:ListBucket", neither.Hint, StringComparison.Ordinal);
        Assert.Contains("s3:GetObject", listOnly.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("s3:ListBucket", listOnly.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_keys_and_a_dead_endpoint_are_told_apart()
    {
        var company = await platform.NewCompanyAsync();
        using var customer = await S3Customer.CreateAsync(platform, company, platform.StoreAddress.Endpoint);
        var path = await customer.PutAsync("tone.wav", WavFile.Of(1000));
        var good = new PutS3CredentialsRequest { AccessKeyId = customer.AccessKey, SecretAccessKey = customer.Secret, Region = "us-east-1", Endpoint = platform.StoreAddress.Endpoint.ToString() };

        Assert.Equal("wrong_secret", await WithAsync(good with { SecretAccessKey = "not-the-secret" }));
        Assert.Equal("unknown_access_key", await WithAsync(good with { AccessKeyId = "NOBODY" }));
        // Nothing listens there: port 1 is reserved (TCPMUX).
        Assert.Equal("endpoint_unreachable", await WithAsync(good with { Endpoint = "http://127.0.0.1:1" }));
        Assert.Equal("endpoint_not_s3", await WithAsync(good with { Endpoint = Loopback(platform.ApiUrl) }));
        Assert.Equal("endpoint_not_s3", await WithAsync(good with { Endpoint = Loopback(platform.WebUrl) }));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var site = builder.Build();
        site.Run(context => context.Response.WriteAsync("<html><body>Whatever you ask for</body></html>"));
        await site.StartAsync(ct);
        Assert.Equal("endpoint_not_s3", await WithAsync(good with { Endpoint = site.Urls.Single() }));

        // In AWS's words: the store of the tests gives no temporary credentials.
        var another = WebApplication.CreateSlimBuilder();
        another.WebHost.UseUrls("http://127.0.0.1:0");
        await using var aws = another.Build();
        aws.Run(context =>
        {
            context.Response.StatusCode = 400;
            context.Response.ContentType = "application/xml";
            var code = context.Request.Path.Value!.Contains("ended", StringComparison.Ordinal) ? "ExpiredToken" : "InvalidToken";
            return context.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>The provided token is no good.</Message></Error>");
        });
        await aws.StartAsync(ct);
        await company.Client.PutS3CredentialsAsync(company.ApiKeyId, good with { SessionToken = "token", Endpoint = aws.Urls.Single() }, ct);
        Assert.Equal(("session_token_invalid", "session_token_invalid"), ((await TestAsync(company, "s3://bucket/ended")).Problem, (await TestAsync(company, "s3://bucket/none")).Problem));

        // The tests' addresses are allowed as 127.0.0.1.
        static string Loopback(Uri url) => $"http://127.0.0.1:{url.Port}";

        async Task<string?> WithAsync(PutS3CredentialsRequest request)
        {
            await company.Client.PutS3CredentialsAsync(company.ApiKeyId, request, ct);
            return (await TestAsync(company, path)).Problem;
        }
    }

    [Fact]
    public async Task What_can_not_be_tried_is_refused()
    {
        var company = await platform.NewCompanyAsync();
        await RefusedAsync("s3_credentials_not_found", () => TestAsync(company, "s3://bucket/key"));
        await RefusedAsync("api_key_not_found", () => company.Client.TestS3CredentialsAsync("key_none", "s3://bucket/key", ct));
        await RefusedAsync("invalid_s3_path", () => TestAsync(company, "https://bucket/key"));

        static async Task RefusedAsync(string code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<PlatformApiException>(call)).Error.Code);
    }

    private Task<S3CredentialsTest> TestAsync(TestCompany company, string path) => company.Client.TestS3CredentialsAsync(company.ApiKeyId, path, ct);
}
