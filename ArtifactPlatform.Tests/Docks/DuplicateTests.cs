using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Docks;

/// <summary>The same content in one dock is stored once; a hash tells nobody of content elsewhere.</summary>
public sealed class DuplicateTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hash_that_the_dock_has_is_answered_with_the_artifact_and_nothing_to_upload()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var content = TestDock.Content();
        var first = await dock.CompletedAsync(new() { Filename = "first.bin" }, content, ct);

        var again = await dock.AsMachine.CreateAsync(new() { Filename = "second.bin", Hash = TestDock.HashOf(content) }, ct);

        Assert.Equal((first.Id, "first.bin", true), (again.Id, again.Filename, again.IsDuplicate));
        Assert.Equal((null, null), (again.UploadUrl, again.DownloadUrl));
        Assert.False((await dock.AsMachine.GetAsync(first.Id, ct)).IsDuplicate);
        Assert.Equal(1, (await dock.AsMachine.ListAsync(new(), ct)).Meta.Total);
    }

    [Fact]
    public async Task A_known_hash_with_another_size_is_no_duplicate_and_fails_when_it_comes()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var content = TestDock.Content();
        var first = await dock.CompletedAsync(new() { Filename = "first.bin" }, content, ct);
        foreach (var (sent, code) in new[] { (content, "size_mismatch"), (TestDock.Content(999), "hash_mismatch") })
        {
            var claimed = await dock.DepositAsync(new() { Filename = "claim.bin", Size = 999, Hash = first.Hash }, sent, ct);

            Assert.Equal((false, ArtifactStatus.Created, 999), (claimed.IsDuplicate, claimed.Status, claimed.Size ?? 0));
            Assert.Equal(code, (await dock.EndedAsync(claimed.Id, ct)).ErrorCode);
        }

        Assert.Equal(first.Id, (await dock.AsMachine.CreateAsync(new() { Filename = "a", Size = content.Length, Hash = first.Hash }, ct)).Id);
    }

    [Fact]
    public async Task Without_a_hash_content_is_recognised_after_the_upload_and_stored_once()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var content = TestDock.Content();
        var first = await dock.CompletedAsync(new() { Filename = "first.bin" }, content, ct);
        var second = await dock.CompletedAsync(new() { Filename = "second.bin" }, content, ct);

        Assert.Equal(("second.bin", true, first.StorageKey), (second.Filename, second.IsDuplicate, second.StorageKey));
        await Eventually.TrueAsync(async () => (await dock.ObjectsOfAsync(second.Id)).Count == 0, () => "the second copy to go");
        using var copy = new MemoryStream();
        await dock.AsMachine.DownloadAsync(second.Id, copy, ct);
        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public async Task A_hash_tells_nothing_of_what_another_dock_or_company_has()
    {
        var company = await platform.NewCompanyAsync();
        var (dock, sibling, stranger) = (await company.NewDockAsync(ct), await company.NewDockAsync(ct), await (await platform.NewCompanyAsync()).NewDockAsync(ct));
        var content = TestDock.Content();
        var kept = await dock.CompletedAsync(new() { Filename = "secret.bin" }, content, ct);
        foreach (var other in new[] { sibling, stranger })
        {
            var claimed = await other.AsMachine.CreateAsync(new() { Filename = "claim.bin", Hash = TestDock.HashOf(content) }, ct);

            Assert.Equal((false, ArtifactStatus.Created), (claimed.IsDuplicate, claimed.Status));
            Assert.NotNull(claimed.UploadUrl);
            Assert.Equal("artifact_not_found", await TestDock.CodeAsync(() => other.AsMachine.GetAsync(kept.Id, ct)));
            Assert.Equal("artifact_not_found", await TestDock.CodeAsync(() => other.AsMachine.GetDownloadAsync(kept.Id, ct)));
        }

        // Who really has the bytes gets an artifact of its own.
        var own = await stranger.CompletedAsync(new() { Filename = "own.bin", Hash = TestDock.HashOf(content) }, content, ct);
        Assert.Equal((false, true), (own.IsDuplicate, own.StorageKey != kept.StorageKey));
    }

    [Fact]
    public async Task Twenty_deposits_of_one_hash_at_once_end_as_one_object_and_twenty_right_answers()
    {
        const int count = 20;
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var content = TestDock.Content(20_000);
        var announced = await Task.WhenAll(Enumerable.Range(0, count).Select(i => dock.AsMachine.CreateAsync(new() { Filename = $"{i}.bin", Size = content.Length, Hash = TestDock.HashOf(content) }, ct)));
        Assert.All(announced, a => Assert.Equal((false, ArtifactStatus.Created), (a.IsDuplicate, a.Status)));
        Assert.Distinct(announced.Select(a => a.Id));
        using var http = new HttpClient();
        await Task.WhenAll(announced.Select(async a =>
        {
            using var body = new ByteArrayContent(content);
            using var put = await http.PutAsync(a.UploadUrl, body, ct);
            put.EnsureSuccessStatusCode();
        }));

        var ended = await Task.WhenAll(announced.Select(a => dock.EndedAsync(a.Id, ct)));

        Assert.All(ended, a => Assert.Equal((ArtifactStatus.UploadCompleted, TestDock.HashOf(content), content.Length), (a.Status, a.Hash, a.Size ?? 0)));
        Assert.Equal(announced.Select(a => a.Filename), ended.Select(a => a.Filename));
        var key = Assert.Single(ended.Select(a => a.StorageKey).Distinct());
        var first = Assert.Single(ended, a => !a.IsDuplicate);
        await Eventually.TrueAsync(
            async () => (await Task.WhenAll(ended.Select(a => dock.ObjectsOfAsync(a.Id)))).SelectMany(keys => keys).SequenceEqual([key]),
            () => "one object to be left of all");
        Assert.Equal((first.Id, true), await dock.AsMachine.CreateAsync(new() { Filename = "later.bin", Hash = TestDock.HashOf(content) }, ct) is var later ? (later.Id, later.IsDuplicate) : default);
    }

    [Fact]
    public async Task The_bytes_go_with_the_last_artifact_that_leads_to_them()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var content = TestDock.Content();
        var first = await dock.CompletedAsync(new() { Filename = "first.bin" }, content, ct);
        var second = await dock.CompletedAsync(new() { Filename = "second.bin" }, content, ct);
        var third = await dock.CompletedAsync(new() { Filename = "third.bin" }, content, ct);

        await dock.AsKey.DeleteAsync(first.Id, ct);

        Assert.Equal((false, true), ((await dock.AsKey.GetAsync(second.Id, ct)).IsDuplicate, (await dock.AsKey.GetAsync(third.Id, ct)).IsDuplicate));
        Assert.Equal(second.Id, (await dock.AsMachine.CreateAsync(new() { Filename = "a", Hash = TestDock.HashOf(content) }, ct)).Id);
        using (var copy = new MemoryStream())
        {
            await dock.AsMachine.DownloadAsync(third.Id, copy, ct);
            Assert.Equal(content, copy.ToArray());
        }

        await Task.WhenAll(dock.AsKey.DeleteAsync(second.Id, ct), dock.AsKey.DeleteAsync(third.Id, ct));

        await Eventually.TrueAsync(async () => (await dock.ObjectsOfAsync(first.Id)).Count == 0, () => "the bytes to go");
        Assert.Equal("artifact_not_found", await TestDock.CodeAsync(() => dock.AsKey.DeleteAsync(first.Id, ct)));
        Assert.NotNull((await dock.AsMachine.CreateAsync(new() { Filename = "a", Hash = TestDock.HashOf(content) }, ct)).UploadUrl);
        var log = (await dock.Company.Client.ListAuditLogAsync("dock_artifact.deleted", null, null, null, ct)).Data;
        Assert.Equal(["first.bin", "second.bin", "third.bin"], log.Select(e => e.Details.GetProperty("filename").GetString()).Order());
    }

    [Fact]
    public async Task The_database_itself_allows_one_first_of_a_content()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var content = TestDock.Content();
        await dock.CompletedAsync(new() { Filename = "first.bin" }, content, ct);
        var second = await dock.CompletedAsync(new() { Filename = "second.bin" }, content, ct);
        await using var db = platform.Database();

        var e = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => db.DockArtifacts.Where(a => a.Id == second.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.IsDuplicate, false), ct));
        Assert.Equal("ux_dock_artifacts_content", e.ConstraintName);
    }
}
