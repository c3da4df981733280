using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Usage;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Tests.Usage;
using static ArtifactPlatform.Tests.Usage.Quotas;

namespace ArtifactPlatform.Tests.Docks;

/// <summary>What docks store counts for the company's quota as everything does: content that is stored once is counted once.</summary>
public sealed class DockQuotaTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Content_counts_once_until_the_last_artifact_of_it_is_deleted()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct);
        await company.LimitAsync(UsageKind.StoredBytes, 2500);
        var content = TestDock.Content(1000);
        var first = await dock.CompletedAsync(new() { Filename = "first.bin", Size = 1000 }, content, ct);
        var second = await dock.CompletedAsync(new() { Filename = "second.bin" }, content, ct);
        Assert.Equal(new CountQuota(Used: 1000, Reserved: 0, Limit: 2500), await StoredAsync(company));

        await dock.AsKey.DeleteAsync(first.Id, ct);
        Assert.Equal(new CountQuota(Used: 1000, Reserved: 0, Limit: 2500), await StoredAsync(company));
        await dock.AsKey.DeleteAsync(second.Id, ct);
        Assert.Equal(new CountQuota(Used: 0, Reserved: 0, Limit: 2500), await StoredAsync(company));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_when_it_is_announced_and_keeps_no_other_of_the_batch_back()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct);
        await company.LimitAsync(UsageKind.StoredBytes, 100);
        await ExceedsAsync(() => dock.AsMachine.CreateAsync(new() { Filename = "large.bin", Size = 101 }, ct));

        var batch = await dock.AsMachine.CreateBatchAsync([new() { Filename = "a.bin", Size = 60 }, new() { Filename = "b.bin", Size = 60 }, new() { Filename = "c.bin", Size = 40 }], ct);

        Assert.Equal([201, 402, 201], batch.Results.Select(r => r.Status));
        Assert.Equal("quota_exceeded", batch.Results[1].Error?.Code);
        Assert.Equal(100, (await StoredAsync(company)).Reserved);
    }

    [Fact]
    public async Task A_file_larger_than_what_is_left_fails_and_gives_back_what_was_put_aside()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct);
        await company.LimitAsync(UsageKind.StoredBytes, 999);

        var ended = await dock.EndedAsync((await dock.DepositAsync(new() { Filename = "unknown.bin" }, TestDock.Content(1000), ct)).Id, ct);

        Assert.Equal((ArtifactStatus.UploadFailed, "quota_exceeded"), (ended.Status, ended.ErrorCode));
        Assert.Equal(new CountQuota(Used: 0, Reserved: 0, Limit: 999), await StoredAsync(company));
    }
}
