using System.Net;
using System.Text;
using System.Text.Json;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Tests.Api;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Docks;

/// <summary>Files on their way into a dock, and out again.</summary>
public sealed class DepositTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_deposits_a_file_and_gets_it_back_with_its_hash_verified()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var content = TestDock.Content();
        var metadata = JsonSerializer.SerializeToElement(new { patientId = "P-1", nested = new { a = 1 } });
        var announced = await dock.AsMachine.CreateAsync(
            new() { Filename = "Befund ü.pdf", ContentType = "application/pdf", Size = content.Length, Metadata = metadata, Hash = TestDock.HashOf(content)[7..].ToUpperInvariant() }, ct);

        Assert.Matches("^art_[0-9a-f]{24}$", announced.Id);
        Assert.Matches("^upload_[0-9a-f]{24}$", announced.UploadId);
        Assert.Equal((dock.Id, "Befund ü.pdf", "application/pdf", content.Length, TestDock.HashOf(content)), (announced.DockId, announced.Filename, announced.ContentType, announced.Size ?? 0, announced.Hash));
        Assert.Equal((false, ArtifactStatus.Created, null), (announced.IsDuplicate, announced.Status, announced.DownloadUrl));
        Assert.NotEmpty(announced.StorageKey);
        var awaited = await dock.AsMachine.GetUploadAsync(announced.UploadId, ct);
        Assert.Equal((announced.Id, ArtifactStatus.Created, null, null), (awaited.ArtifactId, awaited.Status, awaited.Bytes, awaited.Error));

        await PutAsync(announced, content);
        var done = await dock.EndedAsync(announced.Id, ct);

        Assert.Equal((ArtifactStatus.UploadCompleted, false, TestDock.HashOf(content)), (done.Status, done.IsDuplicate, done.Hash));
        Assert.True(JsonElement.DeepEquals(metadata, done.Metadata!.Value));
        Assert.Equal((ArtifactStatus.UploadCompleted, content.Length), await UploadAsync(dock, announced));
        await Eventually.TrueAsync(async () => (await dock.ObjectsOfAsync(done.Id)).SequenceEqual([done.StorageKey]), () => "the upload area to be cleared");
        using var copy = new MemoryStream();
        await dock.AsMachine.DownloadAsync(done.Id, copy, ct);
        Assert.Equal(content, copy.ToArray());
        Assert.Equal(TestDock.HashOf(content), (await dock.AsKey.GetDownloadAsync(done.Id, ct)).Hash);
    }

    [Fact]
    public async Task A_download_redirects_with_the_digest_and_refuses_bytes_that_were_changed_in_the_store()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var content = TestDock.Content();
        var done = await dock.CompletedAsync(new() { Filename = "a.bin" }, content, ct);
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = platform.ApiUrl, DefaultRequestHeaders = { Authorization = new("Bearer", dock.Token) } };
        var path = $"/api/v1/machine/docks/{dock.Id}/artifacts/{done.Id}/download";
        using (var redirect = await http.GetAsync(path, ct))
        {
            Assert.Equal(HttpStatusCode.Found, redirect.StatusCode);
            Assert.Equal($"sha-256=:{Convert.ToBase64String(Convert.FromHexString(done.Hash![7..]))}:", Assert.Single(redirect.Headers.GetValues("Repr-Digest")));
        }

        var earlier = await dock.AsKey.GetDownloadAsync(done.Id, ct);
        await platform.Store.WriteTextAsync(done.StorageKey, new string('x', content.Length), "text/plain", ct);

        using (var refused = await http.GetAsync(path, ct))
        {
            Assert.Equal("content_damaged", (await refused.ErrorAsync(HttpStatusCode.Conflict, ct)).Code);
        }

        // One who already has an address finds out by the hash.
        using var plain = new HttpClient();
        Assert.NotEqual(earlier.Hash, TestDock.HashOf(await plain.GetByteArrayAsync(earlier.Url, ct)));
    }

    [Theory]
    [InlineData("scan.bin", "%PDF-1.7\n", "application/pdf")]
    [InlineData("rows.csv", "a,b\n1,2\n", "text/csv")]
    [InlineData("unknown", "\u0001\u0002\u0003", "application/octet-stream")]
    [InlineData("nothing.bin", "", "application/x-empty")]
    public async Task The_content_type_is_found_where_none_is_said(string filename, string content, string contentType)
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var done = await dock.CompletedAsync(new() { Filename = filename, Size = content.Length }, Encoding.UTF8.GetBytes(content), ct);

        Assert.Equal((contentType, content.Length), (done.ContentType, done.Size ?? -1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task A_blank_content_type_is_as_good_as_none(string blank)
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var announced = await dock.DepositAsync(new() { Filename = "scan", ContentType = blank }, "%PDF-1.7\n"u8.ToArray(), ct);

        Assert.Equal((null, "application/pdf"), (announced.ContentType, (await dock.EndedAsync(announced.Id, ct)).ContentType));
    }

    [Fact]
    public async Task What_differs_from_the_claim_fails_and_its_bytes_are_deleted()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct, maxSizeBytes: 2000);
        var content = TestDock.Content();
        var claims = new (CreateDockArtifactRequest Request, byte[] Sent, string Code)[]
        {
            (new() { Filename = "a", Hash = TestDock.HashOf(TestDock.Content()) }, content, "hash_mismatch"),
            (new() { Filename = "b", Size = 999 }, content, "size_mismatch"),
            (new() { Filename = "one", Size = 0 }, TestDock.Content(1), "size_mismatch"),
            (new() { Filename = "c" }, TestDock.Content(2001), "file_too_large"),
        };
        foreach (var (request, sent, code) in claims)
        {
            var failed = await dock.EndedAsync((await dock.DepositAsync(request, sent, ct)).Id, ct);

            Assert.Equal((ArtifactStatus.UploadFailed, code), (failed.Status, failed.ErrorCode));
            Assert.Contains(code == "hash_mismatch" ? "has the hash" : sent.Length == 1 ? "has 1 byte," : $"has {sent.Length} bytes", failed.ErrorMessage, StringComparison.Ordinal);
            Assert.Equal(code, (await dock.AsMachine.GetUploadAsync(failed.UploadId, ct)).Error?.Code);
            await Eventually.TrueAsync(async () => (await dock.ObjectsOfAsync(failed.Id)).Count == 0, () => $"the bytes of {code} to go");
            Assert.Equal("not_completed", await TestDock.CodeAsync(() => dock.AsMachine.GetDownloadAsync(failed.Id, ct)));
        }

        // The dock knows nothing of a content that failed: the same hash is awaited again.
        Assert.NotNull((await dock.AsMachine.CreateAsync(new() { Filename = "d", Hash = TestDock.HashOf(content) }, ct)).UploadUrl);
        Assert.Equal("file_too_large", await TestDock.CodeAsync(() => dock.AsMachine.CreateAsync(new() { Filename = "e", Size = 2001 }, ct)));
    }

    [Fact]
    public async Task A_put_that_is_repeated_after_verification_changes_nothing()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var content = TestDock.Content();
        var announced = await dock.AsMachine.CreateAsync(new() { Filename = "a.bin" }, ct);
        await PutAsync(announced, content);
        await dock.EndedAsync(announced.Id, ct);
        await PutAsync(announced, TestDock.Content());
        using var copy = new MemoryStream();
        await dock.AsMachine.DownloadAsync(announced.Id, copy, ct);

        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public async Task A_file_that_never_comes_fails_once_its_time_is_over()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        var announced = await dock.AsMachine.CreateAsync(new() { Filename = "a.bin" }, ct);
        await using var db = platform.Database();
        var past = TimeProvider.System.GetUtcNow().AddHours(-1);
        await db.DockArtifacts.Where(a => a.Id == announced.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.UploadExpiresAt, past), ct);

        Assert.Equal("upload_expired", (await dock.EndedAsync(announced.Id, ct)).ErrorCode);
    }

    [Theory]
    [InlineData("""{}""", "filename")]
    [InlineData("""{"filename":""}""", "filename")]
    [InlineData("""{"filename":"a\u0000b"}""", "filename")]
    [InlineData("""{"filename":"a","contentType":"pdf"}""", "contentType")]
    [InlineData("""{"filename":"a","contentType":"text/html\r\nx:y"}""", "contentType")]
    [InlineData("""{"filename":"a","size":-1}""", "size")]
    [InlineData("""{"filename":"a","size":"1"}""", "size")]
    [InlineData("""{"filename":"a","metadata":[1]}""", "metadata")]
    [InlineData("""{"filename":"a","hash":"md5"}""", "hash")]
    [InlineData("""{"filename":"a","hash":""}""", "hash")]
    [InlineData("""{"filename":"a","hash":" "}""", "hash")]
    [InlineData("""{"filename":"a","contentType":" x"}""", "contentType")]
    [InlineData("""{"filename":"a","hash":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0"}""", "hash")]
    public async Task A_deposit_that_makes_no_sense_is_refused(string body, string param)
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.Client.CreateDockAsync(new() { Name = "a" }, ct);
        using var http = company.CreateHttp();
        using var response = await http.SendAsync("POST", $"/api/v1/docks/{dock.Id}/artifacts", body, ct);

        Assert.Equal(param, (await response.ErrorAsync(HttpStatusCode.BadRequest, ct)).Param);
    }

    [Fact]
    public async Task A_batch_tells_of_each_file_in_order_and_one_that_is_refused_keeps_no_other_back()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct, maxSizeBytes: 5000);
        var content = TestDock.Content();
        var known = await dock.CompletedAsync(new() { Filename = "known.bin" }, content, ct);

        var results = (await dock.AsMachine.CreateBatchAsync(
            [new() { Filename = "1.bin" }, new() { Filename = "" }, new() { Filename = "3.bin", Size = 5001 }, new() { Filename = "4.bin", Hash = known.Hash }, null, new() { Filename = "6.bin" }], ct)).Results;

        Assert.Equal([201, 400, 409, 200, 400, 201], results.Select(r => r.Status));
        Assert.Equal([null, "filename", "size", null, null, null], results.Select(r => r.Error?.Param));
        Assert.Equal(["1.bin", null, null, "known.bin", null, "6.bin"], results.Select(r => r.Artifact?.Filename));
        Assert.Equal((known.Id, true, null), (results[3].Artifact!.Id, results[3].Artifact!.IsDuplicate, results[3].Artifact!.UploadUrl));
        Assert.All([results[0], results[5]], r => Assert.NotNull(r.Artifact?.UploadUrl));
        Assert.Equal("invalid_parameter", await TestDock.CodeAsync(() => dock.AsMachine.CreateBatchAsync([], ct)));
        Assert.Equal("invalid_parameter", await TestDock.CodeAsync(() => dock.AsMachine.CreateBatchAsync([.. Enumerable.Repeat(new CreateDockArtifactRequest { Filename = "a" }, 101)], ct)));
        Assert.Equal(100, (await dock.AsMachine.CreateBatchAsync([.. Enumerable.Range(0, 100).Select(i => new CreateDockArtifactRequest { Filename = $"{i}" })], ct)).Results.Count(r => r.Status == 201));
    }

    [Fact]
    public async Task A_list_is_filtered_and_paged_by_cursor_and_offset()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        CreateDockArtifactRequest Named(string name, object metadata) => new() { Filename = name, Metadata = JsonSerializer.SerializeToElement(metadata) };
        var made = new List<DockArtifactObject>();
        foreach (var request in new[] { Named("scan 1.pdf", new { patient = "P-1", site = new { city = "Kiel", ward = 3 } }), Named("Scan_2.pdf", new { patient = "P-2" }), Named("letter.txt", new { patient = "P-1" }), new() { Filename = "plain" } })
        {
            made.Add(await dock.AsMachine.CreateAsync(request, ct));
        }

        var all = await dock.AsKey.ListAsync(new(), ct);
        Assert.Equal(made.Select(a => a.Id).Reverse(), all.Data.Select(a => a.Id));
        Assert.Equal(new DockArtifactPageMeta(4, HasMore: false, NextCursor: null), all.Meta);
        Assert.All(all.Data, a => Assert.Null(a.DownloadUrl));
        var first = await dock.AsMachine.ListAsync(new() { Limit = 3 }, ct);
        var second = await dock.AsMachine.ListAsync(new() { Limit = 3, Cursor = first.Meta.NextCursor }, ct);
        Assert.Equal((4, true, 4, false), (first.Meta.Total, first.Meta.HasMore, second.Meta.Total, second.Meta.HasMore));
        Assert.Equal(all.Data.Select(a => a.Id), first.Data.Concat(second.Data).Select(a => a.Id));
        Assert.Equal(all.Data.Skip(2).Take(1).Select(a => a.Id), (await dock.AsMachine.ListAsync(new() { Limit = 1, Offset = 2 }, ct)).Data.Select(a => a.Id));

        Assert.Equal(["Scan_2.pdf", "scan 1.pdf"], await NamesAsync(new() { Search = "SCAN" }));
        Assert.Equal(["Scan_2.pdf"], await NamesAsync(new() { Search = "n_2" }));
        Assert.Equal(["letter.txt", "scan 1.pdf"], await NamesAsync(new() { Metadata = """{"patient":"P-1"}""" }));
        Assert.Equal(["scan 1.pdf"], await NamesAsync(new() { Metadata = """{"site":{"city":"Kiel"}}""" }));
        Assert.Equal(4, (await NamesAsync(new() { Metadata = "{ }" })).Count());
        Assert.Equal(["plain"], await NamesAsync(new() { CreatedAfter = made[2].CreatedAt }));
        Assert.Empty(await NamesAsync(new() { CreatedAfter = made[3].CreatedAt }));
        Assert.Empty(await NamesAsync(new() { CreatedBefore = made[0].CreatedAt }));
        foreach (var (query, param) in new (DockArtifactQuery, string)[] { (new() { Limit = 1001 }, "limit"), (new() { Cursor = "art_none" }, "cursor"), (new() { Cursor = made[0].Id, Offset = 1 }, "offset"), (new() { Metadata = "{" }, "metadata"), (new() { Metadata = "[]" }, "metadata") })
        {
            var refused = await Assert.ThrowsAsync<PlatformApiException>(() => dock.AsMachine.ListAsync(query, ct));
            Assert.Equal((HttpStatusCode.BadRequest, param), (refused.Status, refused.Error.Param));
        }

        async Task<IEnumerable<string>> NamesAsync(DockArtifactQuery query) => (await dock.AsMachine.ListAsync(query, ct)).Data.Select(a => a.Filename);
    }

    private static async Task PutAsync(DockArtifactObject announced, byte[] content)
    {
        using var http = new HttpClient();
        using var body = new ByteArrayContent(content);
        using var response = await http.PutAsync(announced.UploadUrl, body);
        response.EnsureSuccessStatusCode();
    }

    private async Task<(ArtifactStatus Status, int Bytes)> UploadAsync(TestDock dock, DockArtifactObject artifact) =>
        await dock.AsMachine.GetUploadAsync(artifact.UploadId, ct) is var upload ? (upload.Status, (int)(upload.Bytes ?? -1)) : default;
}
