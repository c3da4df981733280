using System.Net;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Docks;

/// <summary>Content whose object was lost or replaced behind the platform's back comes back with the next deposit of it.</summary>
public sealed class DamageTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Depositing_damaged_content_anew_makes_every_artifact_of_it_whole(bool lost, bool withHash)
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var content = TestDock.Content();
        var first = await dock.CompletedAsync(new() { Filename = "first.bin" }, content, ct);
        var copy = await dock.CompletedAsync(new() { Filename = "copy.bin" }, content, ct);
        await DamageAsync(first, lost);
        Assert.Equal("content_damaged", await TestDock.CodeAsync(() => dock.AsMachine.GetDownloadAsync(copy.Id, ct)));

        var request = new CreateDockArtifactRequest { Filename = "anew.bin", Hash = withHash ? TestDock.HashOf(content) : null };
        var announced = await dock.AsMachine.CreateAsync(request, ct);
        Assert.Equal((false, true), (announced.IsDuplicate, announced.UploadUrl is not null));
        await PutAsync(announced, content);
        var anew = await dock.EndedAsync(announced.Id, ct);

        Assert.Equal((ArtifactStatus.UploadCompleted, true), (anew.Status, anew.StorageKey != first.StorageKey));
        await AssertWholeAsync(dock, content, first.Id, copy.Id, anew.Id);
        // The hash is known again, what was damaged is gone, and the content counts once.
        Assert.Equal((first.Id, true, null), await dock.AsMachine.CreateAsync(new() { Filename = "later.bin", Hash = TestDock.HashOf(content) }, ct) is var later ? (later.Id, later.IsDuplicate, later.UploadUrl) : default);
        await Eventually.TrueAsync(async () => (await dock.ObjectsOfAsync(first.Id)).Count == 0, () => "the damaged object to go");
        Assert.Equal([anew.StorageKey], await dock.ObjectsOfAsync(anew.Id));
        Assert.Equal(content.Length, await StoredBytesAsync(dock));
    }

    [Fact]
    public async Task Twenty_deposits_of_lost_content_at_once_end_as_one_object_that_all_lead_to()
    {
        const int count = 20;
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var content = TestDock.Content(20_000);
        var first = await dock.CompletedAsync(new() { Filename = "first.bin" }, content, ct);
        await DamageAsync(first, lost: true);
        var announced = await Task.WhenAll(Enumerable.Range(0, count).Select(i => dock.AsMachine.CreateAsync(new() { Filename = $"{i}.bin", Hash = i % 2 == 0 ? TestDock.HashOf(content) : null }, ct)));
        Assert.All(announced, a => Assert.NotNull(a.UploadUrl));
        await Task.WhenAll(announced.Select(a => PutAsync(a, content)));

        var ended = await Task.WhenAll(announced.Select(a => dock.EndedAsync(a.Id, ct)));

        Assert.All(ended, a => Assert.Equal((ArtifactStatus.UploadCompleted, true), (a.Status, a.IsDuplicate)));
        var key = Assert.Single(ended.Select(a => a.StorageKey).Append((await dock.AsKey.GetAsync(first.Id, ct)).StorageKey).Distinct());
        await AssertWholeAsync(dock, content, [first.Id, .. ended.Select(a => a.Id)]);
        await Eventually.TrueAsync(
            async () => (await Task.WhenAll(ended.Select(a => dock.ObjectsOfAsync(a.Id)))).SelectMany(keys => keys).SequenceEqual([key]),
            () => "one object to be left of all");
        Assert.Equal(content.Length, await StoredBytesAsync(dock));

        // It goes with the last of them, whichever it is named after.
        await Task.WhenAll(ended.Select(a => dock.AsKey.DeleteAsync(a.Id, ct)).Append(dock.AsKey.DeleteAsync(first.Id, ct)));
        await Eventually.TrueAsync(async () => (await dock.ObjectsOfAsync(key.Split('/')[1])).Count == 0, () => "the bytes to go");
        Assert.Equal(0, await StoredBytesAsync(dock));
    }

    [Fact]
    public async Task A_batch_gets_an_upload_url_for_damaged_content_alone()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var (whole, damaged) = (TestDock.Content(), TestDock.Content());
        var kept = await dock.CompletedAsync(new() { Filename = "whole.bin" }, whole, ct);
        await DamageAsync(await dock.CompletedAsync(new() { Filename = "damaged.bin" }, damaged, ct), lost: true);

        var results = (await dock.AsMachine.CreateBatchAsync([new() { Filename = "a", Hash = TestDock.HashOf(whole) }, new() { Filename = "b", Hash = TestDock.HashOf(damaged) }], ct)).Results;

        Assert.Equal([(200, kept.Id), (201, results[1].Artifact?.Id)], results.Select(r => (r.Status, r.Artifact?.Id)));
        Assert.Equal((null, true), (results[0].Artifact?.UploadUrl, results[1].Artifact?.UploadUrl is not null));
    }

    private async Task DamageAsync(DockArtifactObject artifact, bool lost) => await (lost
        ? platform.Store.DeleteAsync(artifact.StorageKey, ct)
        : platform.Store.WriteTextAsync(artifact.StorageKey, new string('x', (int)(artifact.Size ?? 0)), "text/plain", ct));

    private async Task PutAsync(DockArtifactObject announced, byte[] content)
    {
        using var http = new HttpClient();
        using var body = new ByteArrayContent(content);
        using var put = await http.PutAsync(announced.UploadUrl, body, ct);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
    }

    private async Task AssertWholeAsync(TestDock dock, byte[] content, params string[] ids)
    {
        foreach (var id in ids)
        {
            using var read = new MemoryStream();
            await dock.AsMachine.DownloadAsync(id, read, ct);
            Assert.Equal(content, read.ToArray());
        }
    }

    private async Task<long> StoredBytesAsync(TestDock dock)
    {
        await using var db = platform.Database();
        return await db.QuotaCounters.Where(c => c.CompanyId == dock.Company.CompanyId && c.Kind == UsageKind.StoredBytes).SumAsync(c => c.Used + c.Reserved, ct);
    }
}
