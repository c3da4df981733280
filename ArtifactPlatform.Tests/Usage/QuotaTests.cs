using System.Diagnostics;
using System.Net;
using ArtifactPlatform.Api.Setup;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Client.Usage;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Tests.Api;
using ArtifactPlatform.Tests.Ingest;
using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Tests.Videos;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static ArtifactPlatform.Tests.Usage.Quotas;

namespace ArtifactPlatform.Tests.Usage;

/// <summary>What a company may not have is refused, and what it gives up it gets back.</summary>
public sealed class QuotaTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private static readonly byte[] Text = "Ten bytes\n"u8.ToArray();

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upload_reserves_its_size_and_gives_it_back_when_it_is_aborted()
    {
        var company = await platform.NewCompanyAsync();
        await company.LimitAsync(UsageKind.StoredBytes, 100);
        var error = await ExceedsAsync(() => OpenAsync(company, 101));
        Assert.Contains("0 of 100", error.Message, StringComparison.Ordinal);
        Assert.Contains("101 more", error.Message, StringComparison.Ordinal);

        var upload = await OpenAsync(company, 60);
        await ExceedsAsync(() => OpenAsync(company, 41));
        Assert.Equal(new CountQuota(Used: 0, Reserved: 60, Limit: 100), await StoredAsync(company));

        await company.Client.AbortUploadAsync(upload.Id, ct);
        Assert.Equal(0, (await StoredAsync(company)).Reserved);
        await OpenAsync(company, 100);
        // Full: not even what has no size yet is begun.
        await ExceedsAsync(() => company.Client.CreateUploadAsync(new() { Name = "a.txt", Type = ArtifactType.Script }, ct));
        await ExceedsAsync(() => company.Client.CreateArtifactAsync(new() { Name = "a.txt", Type = ArtifactType.Script, Url = "http://127.0.0.1:1/a.txt" }, ct));
        await ExceedsAsync(() => company.Client.CreateVideoAsync(new() { Input = [new() { Url = "http://127.0.0.1:1/a.mp4" }] }, ct));
        Assert.Empty((await company.Client.ListArtifactsAsync(new(), ct)).Data);
        Assert.Empty((await company.Client.ListVideosAsync(null, null, null, null, ct)).Data);
    }

    [Fact]
    public async Task Many_at_once_never_get_more_than_there_is()
    {
        var company = await platform.NewCompanyAsync();
        await company.LimitAsync(UsageKind.StoredBytes, 50);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                await OpenAsync(company, 10);
                return HttpStatusCode.OK;
            }
            catch (PlatformApiException e)
            {
                return e.Status;
            }
        }));

        Assert.Equal((5, 15), (answers.Count(a => a == HttpStatusCode.OK), answers.Count(a => a == HttpStatusCode.PaymentRequired)));
        Assert.Equal(50, (await StoredAsync(company)).Reserved);
    }

    [Fact]
    public async Task A_completed_artifact_counts_until_it_is_deleted()
    {
        var company = await platform.NewCompanyAsync();
        await company.LimitAsync(UsageKind.StoredBytes, 10);
        var first = await DepositAsync(company, Text);
        await company.CompletedAsync(first);
        Assert.Equal(new CountQuota(Used: 10, Reserved: 0, Limit: 10), await StoredAsync(company));

        await company.Client.DeleteArtifactAsync(first, ct);
        var usage = await company.Client.GetUsageAsync(null, null, ct);
        Assert.Equal(0, usage.Quotas.StoredBytes.Used);
        // What has come in has come in.
        Assert.Equal((0, 10), (usage.Days[^1].StoredBytes, usage.Days.Sum(d => d.IngestedBytes)));
        await company.CompletedAsync(await DepositAsync(company, Text));
    }

    [Fact]
    public async Task A_file_that_turns_out_too_large_fails_and_holds_nothing()
    {
        var company = await platform.NewCompanyAsync();
        await company.LimitAsync(UsageKind.StoredBytes, 9);
        await using var server = await SourceServer.StartAsync();
        var unknown = server.Add(async (context, _) => await context.Response.Body.WriteAsync(Text, context.RequestAborted), ".txt");
        string[] ids =
        [
            await DepositAsync(company, Text),
            (await company.Client.CreateArtifactAsync(new() { Name = "b.txt", Type = ArtifactType.Script, Url = server.AddFile(Text, ".txt") }, ct)).Id,
            (await company.Client.CreateArtifactAsync(new() { Name = "c.txt", Type = ArtifactType.Script, Url = unknown }, ct)).Id,
        ];
        foreach (var id in ids)
        {
            var failed = await company.FailedAsync(id, "quota_exceeded");
            Assert.Contains("of 9 are used", failed.ErrorMessage, StringComparison.Ordinal);
        }

        Assert.Equal(new CountQuota(Used: 0, Reserved: 0, Limit: 9), await StoredAsync(company));
        await company.LimitAsync(UsageKind.StoredBytes, 10);
        await company.Client.RetryArtifactAsync(ids[1], ct);
        await company.CompletedAsync(ids[1]);
        await ExceedsAsync(() => company.Client.RetryArtifactAsync(ids[2], ct));
    }

    [Fact]
    public async Task Encode_minutes_are_what_was_encoded_once_for_each_run()
    {
        var company = await platform.NewCompanyAsync();
        var source = await company.UploadArtifactAsync(await TestMedia.WavAsync(), ArtifactType.Audio);
        var minutes = (source.Duration ?? 0) / 60;
        var video = await company.Client.CreateVideoAsync(new() { ArtifactId = source.Id }, ct);
        await company.ReadyAsync(video.Id);
        var once = (await company.Client.GetUsageAsync(null, null, ct)).Quotas.EncodeMinutes;
        Assert.Equal((minutes, 0), (once.Used, once.Reserved), Close);

        // Not enough for the whole of a second run: known before it begins where the length is, and seen by the worker where not.
        await company.LimitAsync(UsageKind.EncodeTime, (long)(minutes * 60_000 * 1.5));
        await ExceedsAsync(() => company.Client.ReprocessVideoAsync(video.Id, ct));
        var error = await ExceedsAsync(() => company.Client.CreateVideoAsync(new() { ArtifactId = source.Id }, ct));
        Assert.Contains("encode minutes", error.Message, StringComparison.Ordinal);
        var uploaded = await company.UploadVideoAsync(await TestMedia.WavAsync(), "audio/wav");
        Assert.Equal("quota_exceeded", (await company.ErroredAsync(uploaded.Id)).Type);
        Assert.Equal((minutes, 0), (await EncodedAsync(company)), Close);

        await company.LimitAsync(UsageKind.EncodeTime, QuotaOptions.Unlimited);
        await company.Client.ReprocessVideoAsync(video.Id, ct);
        await company.ReadyAsync(video.Id);
        // Minutes that were used stay so.
        await company.Client.DeleteVideoAsync(video.Id, ct);
        Assert.Equal((2 * minutes, 0), (await EncodedAsync(company)), Close);
        Assert.Equal(2 * minutes, (await company.Client.GetUsageAsync(null, null, ct)).Days.Sum(d => d.EncodeMinutes), 0.01);
    }

    [Fact]
    public async Task Views_over_the_quota_are_refused_and_not_counted()
    {
        var company = await platform.NewCompanyAsync();
        var source = await company.UploadArtifactAsync(await TestMedia.WavAsync(), ArtifactType.Audio);
        var video = await company.ReadyAsync((await company.Client.CreateVideoAsync(new() { ArtifactId = source.Id }, ct)).Id);
        await company.LimitAsync(UsageKind.Views, 2);
        using var http = platform.CreateClient();
        foreach (var manifest in new[] { video.Playback.Hls, video.Playback.Dash })
        {
            using var played = await http.GetAsync(new Uri(manifest ?? ""), ct);
            Assert.Equal(HttpStatusCode.OK, played.StatusCode);
        }

        using var over = await http.GetAsync(new Uri(video.Playback.Hls ?? ""), ct);
        Assert.Equal("quota_exceeded", (await over.ErrorAsync(HttpStatusCode.PaymentRequired, ct)).Type);
        var usage = await company.Client.GetUsageAsync(null, null, ct);
        Assert.Equal(new CountQuota(Used: 2, Reserved: 0, Limit: 2), usage.Quotas.Views);
        Assert.Equal(2, usage.Days[^1].Views + usage.Days[^2].Views);
        Assert.Equal(2, (await company.Client.GetVideoAsync(video.Id, ct)).ViewCount);
    }

    [Fact]
    public async Task However_often_steps_are_repeated_at_once_the_counter_is_the_sum_of_what_is_held()
    {
        var company = await platform.NewCompanyAsync();
        var quota = new Quota(Options.Create(new QuotaOptions()), TimeProvider.System);
        var random = new Random(7);
        var steps = Enumerable.Range(0, 150).Select(_ => (Subject: $"{company.CompanyId}-{random.Next(4)}", Amount: (long)random.Next(1, 100), Step: random.Next(3), Fails: random.Next(5) == 0)).ToList();
        await Parallel.ForEachAsync(steps, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = ct }, async (step, token) =>
        {
            await using var db = platform.Database();
            await using var transaction = await db.Database.BeginTransactionAsync(token);
            await (step.Step switch
            {
                0 => quota.ReserveAsync(db, UsageKind.StoredBytes, company.CompanyId, step.Subject, step.Amount, token),
                1 => quota.SettleAsync(db, UsageKind.StoredBytes, company.CompanyId, step.Subject, step.Amount, token),
                _ => quota.ReleaseAsync(db, UsageKind.StoredBytes, company.CompanyId, step.Subject, token),
            });
            if (!step.Fails)
            {
                await transaction.CommitAsync(token);
            }
        });

        await using var db = platform.Database();
        var held = await db.QuotaReservations.Where(r => r.CompanyId == company.CompanyId).ToListAsync(ct);
        var usage = await company.Client.GetUsageAsync(null, null, ct);
        var sums = (held.Where(h => h.Settled).Sum(h => h.Amount), held.Where(h => !h.Settled).Sum(h => h.Amount));
        Assert.Equal(sums, (usage.Quotas.StoredBytes.Used, usage.Quotas.StoredBytes.Reserved));
        Assert.Equal(sums.Item1, usage.Days[^1].StoredBytes);
    }

    [Fact]
    public async Task The_operator_sets_defaults_and_what_one_company_may_use()
    {
        var company = await platform.NewCompanyAsync();
        await using var api = await platform.StartApiAsync([("Quotas:StoredBytes", "5"), ("Quotas:EncodeMinutes", "10")], ct: ct);
        using var http = api.CreateClient(company.ApiKey);
        var client = new PlatformClient(http);
        var byDefault = (await client.GetUsageAsync(null, null, ct)).Quotas;
        Assert.Equal((5, 10, null), (byDefault.StoredBytes.Limit, byDefault.EncodeMinutes.Limit, byDefault.Views.Limit));
        await ExceedsAsync(() => OpenAsync(client, 6));

        var shown = await RunCommandAsync("quota", "--company", company.CompanyId, "--stored-bytes", "7", "--encode-minutes", "unlimited", "--views", "3");
        Assert.Equal(["stored-bytes 7", "encode-minutes unlimited", "views 3"], shown.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var own = (await client.GetUsageAsync(null, null, ct)).Quotas;
        Assert.Equal((7, null, 3), (own.StoredBytes.Limit, own.EncodeMinutes.Limit, own.Views.Limit));
        var upload = await OpenAsync(client, 6);
        await client.AbortUploadAsync(upload.Id, ct);

        Assert.Equal(0, await SetQuota.RunAsync(api.Services, company.CompanyId, new Dictionary<UsageKind, string> { [UsageKind.StoredBytes] = "default" }, ct));
        Assert.Equal(5, (await client.GetUsageAsync(null, null, ct)).Quotas.StoredBytes.Limit);
        Assert.Equal(1, await SetQuota.RunAsync(api.Services, "none", new Dictionary<UsageKind, string> { [UsageKind.Views] = "1" }, ct));
    }

    /// <summary>The Api's own program, as an operator runs it.</summary>
    private async Task<string> RunCommandAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ArtifactPlatform.Api.dll"), .. arguments]) { RedirectStandardOutput = true };
        start.Environment["ConnectionStrings__artifactdb"] = await platform.App.GetConnectionStringAsync("artifactdb", ct);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("It did not start.");
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    private Task<UploadObject> OpenAsync(TestCompany company, long bytes) => OpenAsync(company.Client, bytes);

    private Task<UploadObject> OpenAsync(PlatformClient client, long bytes) =>
        client.CreateUploadSessionAsync(new() { Filename = "a.mp4", MimeType = "video/mp4", FileSizeBytes = bytes }, ct);

    private async Task<string> DepositAsync(TestCompany company, byte[] content)
    {
        var upload = await company.Client.CreateUploadAsync(new() { Name = "a.txt", Type = ArtifactType.Script }, ct);
        await UploadTests.PutAsync(upload.PresignedUploadUrl, content);
        return upload.ArtifactId;
    }

    private async Task<(double Used, double Reserved)> EncodedAsync(TestCompany company)
    {
        var minutes = (await company.Client.GetUsageAsync(null, null, ct)).Quotas.EncodeMinutes;
        return (minutes.Used, minutes.Reserved);
    }

    /// <summary>Container and codec round a length to their own units.</summary>
    private static bool Close((double Used, double Reserved) a, (double Used, double Reserved) b) => Math.Abs(a.Used - b.Used) < 0.005 && Math.Abs(a.Reserved - b.Reserved) < 0.005;
}
