using System.Diagnostics;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Storage;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Storage.Doctor;
using Microsoft.Extensions.Configuration;

namespace ArtifactPlatform.Tests.Storage;

/// <summary>The storage doctor against the real store: sound, and broken in one way after the other.</summary>
public sealed class StorageDoctorTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private static readonly string[] All = ["put", "multipart", "double_complete", "upload_part_copy", "checksum", "presigned_put", "cors", "clock_skew", "lifecycle", "delete"];

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_store_passes_every_check_and_is_left_as_it_was()
    {
        using var bucket = await OwnBucket.CreateAsync(platform);

        var report = await ExamineAsync(bucket);

        Assert.All(report.Checks, check => Assert.True(check is { Status: StorageCheckStatus.Passed, Advice: null }, $"{check}"));
        Assert.Equal(All, report.Checks.Select(c => c.Name));
        Assert.True(report.Ok);
        Assert.Empty((await bucket.S3.ListObjectsV2Async(new() { BucketName = bucket.Options.Bucket }, ct)).S3Objects ?? []);
        Assert.Empty((await bucket.S3.ListMultipartUploadsAsync(bucket.Options.Bucket, ct)).MultipartUploads ?? []);
    }

    [Fact]
    public async Task Wrong_addresses_keys_and_names_are_told_apart()
    {
        using var bucket = await OwnBucket.CreateAsync(platform);
        var (options, address) = (bucket.Options, bucket.Options.Address);

        await FailsAsync(bucket, options with { Address = address with { AccessKey = "nobody" } }, "AccessKey=");
        await FailsAsync(bucket, options with { Address = address with { SecretKey = "wrong" } }, "SecretKey=");
        await FailsAsync(bucket, options with { Bucket = $"none-{Guid.NewGuid():N}"[..20] }, "Storage__Bucket");
        await FailsAsync(bucket, options with { Address = address with { Endpoint = platform.ApiUrl } }, "Endpoint=");

        async Task FailsAsync(OwnBucket own, StorageOptions wrong, string advice)
        {
            var report = await ExamineAsync(own, wrong);
            Assert.False(report.Ok);
            Assert.Equal("put", Assert.Single(report.Checks, c => c.Status == StorageCheckStatus.Failed).Name);
            Assert.Contains(advice, report.Checks[0].Advice, StringComparison.Ordinal);
            Assert.DoesNotContain(report.Checks, c => $"{c}".Contains(address.SecretKey, StringComparison.Ordinal));
            // What builds on it is not tried: one fault, one line.
            Assert.Equal(["clock_skew"], report.Checks.Where(c => c.Status == StorageCheckStatus.Passed).Select(c => c.Name));
        }
    }

    [Fact]
    public async Task A_bucket_without_its_rules_is_noticed_rule_by_rule()
    {
        using var bucket = await OwnBucket.CreateAsync(platform);
        var (s3, name) = (bucket.S3, bucket.Options.Bucket);

        await s3.PutCORSConfigurationAsync(name, new() { Rules = [new() { AllowedOrigins = ["*"], AllowedMethods = ["GET", "PUT"], AllowedHeaders = ["*"] }] }, ct);
        await OnlyAsync("cors", "ExposeHeaders ETag");
        await s3.PutCORSConfigurationAsync(name, new() { Rules = [new() { AllowedOrigins = ["https://other.example.com"], AllowedMethods = ["PUT"], AllowedHeaders = ["*"], ExposeHeaders = ["ETag"] }] }, ct);
        await OnlyAsync("cors", "AllowedOrigins");
        Assert.True((await ExamineAsync(bucket, bucket.Options with { CorsOrigins = ["https://other.example.com"] })).Ok);
        await s3.DeleteCORSConfigurationAsync(name, ct);
        await s3.DeleteLifecycleConfigurationAsync(name, ct);
        await OnlyAsync("cors,lifecycle", "s3:PutLifecycleConfiguration");
        await s3.PutLifecycleConfigurationAsync(name, new() { Rules = [new() { Id = "all", Status = LifecycleRuleStatus.Enabled, Filter = new() { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = "" } }, Expiration = new() { Days = 7 } }] }, ct);
        await OnlyAsync("cors,lifecycle", "would delete artifacts");

        async Task OnlyAsync(string failed, string advice)
        {
            var report = await ExamineAsync(bucket);
            var failures = report.Checks.Where(c => c.Status == StorageCheckStatus.Failed).ToList();
            Assert.Equal(failed, string.Join(',', failures.Select(c => c.Name)));
            Assert.Contains(advice, failures[^1].Advice, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Origins_that_are_configured_are_the_only_ones_that_may_put()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Storage:CorsOrigins:0", "https://app.example.com")]).Build().GetSection("Storage");
        var origins = (settings.Get<StorageOptions>() ?? new()).CorsOrigins;
        using var bucket = await OwnBucket.CreateAsync(platform, origins);

        Assert.True((await ExamineAsync(bucket)).Ok);
        var (mayPut, mayGet) = (await PreflightAsync("https://evil.example", "PUT"), await PreflightAsync("https://evil.example", "GET"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (mayPut, mayGet));

        async Task<HttpStatusCode> PreflightAsync(string origin, string method)
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(bucket.Options.Address.Endpoint, $"{bucket.Options.Bucket}/a"));
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", method);
            using var answer = await http.SendAsync(request, ct);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_public_endpoint_is_tried_as_browsers_would()
    {
        using var bucket = await OwnBucket.CreateAsync(platform);
        await using var outside = await FaultyStore.StartAsync(platform.StoreAddress.Endpoint);
        var options = bucket.Options with { PublicEndpoint = outside.Endpoint };

        var good = await ExamineAsync(bucket, options);
        Assert.True(good.Ok, string.Join('\n', good.Checks));
        Assert.Equal(outside.Endpoint.ToString(), good.PublicEndpoint);

        outside.Hidden = "Access-Control-Expose-Headers";
        Assert.Equal(["cors"], Failed(await ExamineAsync(bucket, options)));
        outside.Refuse = request => request.Method == "PUT" ? 405 : null;
        Assert.Equal(["presigned_put"], Failed(await ExamineAsync(bucket, options)));
        // Not the store at all, and nothing at all.
        Assert.Equal(["presigned_put"], Failed(await ExamineAsync(bucket, options with { PublicEndpoint = platform.ApiUrl })));
        var silent = await ExamineAsync(bucket, options with { PublicEndpoint = new Uri("http://127.0.0.1:9") });
        Assert.Equal(["presigned_put"], Failed(silent));
        Assert.All(silent.Checks.Where(c => c.Advice is not null), c => Assert.Contains("Storage__PublicEndpoint", c.Advice, StringComparison.Ordinal));
        Assert.Equal(StorageCheckStatus.Skipped, silent.Checks.Single(c => c.Name == "cors").Status);
    }

    [Fact]
    public async Task What_browsers_get_carries_the_public_address_and_what_stays_inside_the_internal_one()
    {
        using var bucket = await OwnBucket.CreateAsync(platform);
        using var store = OwnBucket.Open(bucket.Options with { PublicEndpoint = new Uri("https://storage.example.com") });
        var hour = TimeSpan.FromHours(1);

        Assert.All(
            [store.PresignPut("a", hour), store.PresignGet("a", hour, "a.mp4", null), store.PresignMedia("a", hour, "video/mp4"), new MultipartUploads(store).PresignPart("a", "u", 1, hour)],
            url => Assert.StartsWith($"https://storage.example.com/{store.Bucket}/a?", url, StringComparison.Ordinal));
        Assert.StartsWith($"{platform.StoreAddress.Endpoint}{store.Bucket}/a?", store.PresignInternalGet("a", hour), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_can_do_less_is_found_out()
    {
        using var bucket = await OwnBucket.CreateAsync(platform);
        await using var lesser = await FaultyStore.StartAsync(platform.StoreAddress.Endpoint);
        var options = bucket.Options with { Address = bucket.Options.Address with { Endpoint = lesser.Endpoint } };

        lesser.Refuse = request => request.Headers.ContainsKey("x-amz-copy-source") ? 501 : null;
        Assert.Equal(["upload_part_copy"], Failed(await ExamineAsync(bucket, options)));

        var completions = 0;
        lesser.Refuse = request => request.Method == "POST" && request.Query.ContainsKey("uploadId") && ++completions == 2 ? 403 : null;
        Assert.Equal(["double_complete"], Failed(await ExamineAsync(bucket, options)));

        lesser.Refuse = request => request.Method == "POST" && request.Query.ContainsKey("uploads") ? 501 : null;
        var report = await ExamineAsync(bucket, options);
        Assert.Equal(["multipart"], Failed(report));
        Assert.Equal(["double_complete", "upload_part_copy"], report.Checks.Where(c => c.Status == StorageCheckStatus.Skipped).Select(c => c.Name));

        // A wrong Content-MD5 is refused by the store, and this one says nothing of it.
        lesser.Refuse = request => request.Method == "PUT" && request.Path.Value!.EndsWith("/checksum", StringComparison.Ordinal) ? 200 : null;
        Assert.Equal(["checksum"], Failed(await ExamineAsync(bucket, options)));

        lesser.Refuse = request => request.Method == "DELETE" ? 403 : null;
        var kept = await ExamineAsync(bucket, options);
        Assert.Equal(["delete"], Failed(kept));
        Assert.Contains("s3:DeleteObject", kept.Checks[^1].Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(-150, false)]
    [InlineData(150, false)]
    public async Task A_clock_that_is_off_is_noticed_before_the_store_refuses(int seconds, bool ok)
    {
        using var bucket = await OwnBucket.CreateAsync(platform);

        var report = await ExamineAsync(bucket, clock: new ShiftedClock(TimeSpan.FromSeconds(seconds)));

        Assert.Equal(ok ? [] : ["clock_skew"], Failed(report));
    }

    [Fact]
    public async Task On_the_command_line_it_ends_with_1_when_something_failed()
    {
        var sound = await RunAsync(platform.StoreAddress.SecretKey);
        Assert.True(sound.ExitCode == 0, sound.Output);
        Assert.All(All, name => Assert.Contains($"passed   {name} ", sound.Output, StringComparison.Ordinal));

        var broken = await RunAsync("wrong-secret");
        Assert.True(broken.ExitCode == 1, broken.Output);
        Assert.Contains("failed   put ", broken.Output, StringComparison.Ordinal);
        Assert.Contains("→ The secret does not fit the access key.", broken.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", broken.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", broken.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owners_can_ask_by_the_api_at_once_and_nothing_stays()
    {
        var company = await platform.NewCompanyAsync();

        var reports = await Task.WhenAll(company.Client.CheckStorageAsync(ct), company.Client.CheckStorageAsync(ct));

        Assert.All(reports, report => Assert.True(report.Ok, string.Join('\n', report.Checks)));
        // The host sets both addresses; here the store has one.
        Assert.All(reports, report => Assert.Equal((platform.StoreAddress.Endpoint, platform.StoreAddress.Endpoint), (new Uri(report.Endpoint), new Uri(report.PublicEndpoint))));
        Assert.Equal(platform.StoreAddress.Endpoint, new Uri(await platform.App.GetEnvironmentAsync("api", "Storage__PublicEndpoint", ct) ?? ""));
        var limited = await platform.NewCompanyAsync("artifacts:read");
        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<PlatformApiException>(() => limited.Client.CheckStorageAsync(ct))).Status);
    }

    private async Task<StorageReport> ExamineAsync(OwnBucket bucket, StorageOptions? options = null, TimeProvider? clock = null)
    {
        using var store = OwnBucket.Open(options ?? bucket.Options);
        using var doctor = new StorageDoctor(store, bucket.Http, clock ?? TimeProvider.System);
        return await doctor.ExamineAsync(ct);
    }

    private static List<string> Failed(StorageReport report) => [.. report.Checks.Where(c => c.Status == StorageCheckStatus.Failed).Select(c => c.Name)];

    private async Task<(int ExitCode, string Output)> RunAsync(string secret)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Api.ApiRoutes).Assembly.Location.Replace("ArtifactPlatform.Tests.dll", "ArtifactPlatform.Api.dll", StringComparison.Ordinal), "doctor"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ConnectionStrings__objectstore"] = $"Endpoint={platform.StoreAddress.Endpoint};AccessKey={platform.StoreAddress.AccessKey};SecretKey={secret}";
        using var process = Process.Start(start) ?? throw new InvalidOperationException();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, await output + await errors);
    }

    private sealed class ShiftedClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
