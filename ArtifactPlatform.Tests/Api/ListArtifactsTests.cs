using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

public sealed class ListArtifactsTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("createdAt")]
    public async Task Paging_shows_each_artifact_once_while_others_are_created(string? sort)
    {
        var company = await platform.NewCompanyAsync();
        var before = await InsertAsync(company, 25);
        var seen = new List<string>();
        var query = new ArtifactQuery { Sort = sort, Limit = 4 };
        Page<ArtifactObject> page;
        do
        {
            page = await company.Client.ListArtifactsAsync(query, ct);
            seen.AddRange(page.Data.Select(a => a.Id));
            query = query with { StartingAfter = page.NextCursor };
            if (seen.Count < 20)
            {
                await InsertAsync(company, 2);
            }
        }
        while (page.HasMore);

        Assert.Null(page.NextCursor);
        Assert.Distinct(seen);
        var expected = sort is null ? before.AsEnumerable().Reverse() : before;
        Assert.Equal(expected, seen.Where(before.Contains));
    }

    [Fact]
    public async Task Artifacts_of_one_instant_are_paged_without_loss()
    {
        var company = await platform.NewCompanyAsync();
        var ids = await InsertAsync(company, 9);
        await using (var db = platform.Database())
        {
            var instant = TimeProvider.System.GetUtcNow();
            await db.Artifacts.Where(a => a.CompanyId == company.CompanyId).ExecuteUpdateAsync(set => set.SetProperty(a => a.CreatedAt, instant), ct);
        }

        var first = await company.Client.ListArtifactsAsync(new() { Limit = 5 }, ct);
        var second = await company.Client.ListArtifactsAsync(new() { Limit = 5, StartingAfter = first.NextCursor }, ct);

        Assert.Equal(ids.Order(), first.Data.Concat(second.Data).Select(a => a.Id).Order());
    }

    [Fact]
    public async Task Going_back_shows_the_page_before_in_the_same_order()
    {
        var company = await platform.NewCompanyAsync();
        var newestFirst = (await InsertAsync(company, 10)).AsEnumerable().Reverse().ToList();

        var back = await company.Client.ListArtifactsAsync(new() { EndingBefore = newestFirst[7], Limit = 3 }, ct);
        Assert.Equal(newestFirst[4..7], back.Data.Select(a => a.Id));
        Assert.Equal((true, newestFirst[4]), (back.HasMore, back.NextCursor));

        var further = await company.Client.ListArtifactsAsync(new() { EndingBefore = back.NextCursor, Limit = 5 }, ct);
        Assert.Equal(newestFirst[..4], further.Data.Select(a => a.Id));
        Assert.Equal((false, null), (further.HasMore, further.NextCursor));
    }

    [Fact]
    public async Task Filters_narrow_the_list_together()
    {
        var company = await platform.NewCompanyAsync();
        await InsertAsync(company, 2, ArtifactType.Audio, "Interview %_\\ ÄÖÜ");
        await InsertAsync(company, 1, ArtifactType.Video, "interview");
        var (all, audio) = (await CountAsync(new()), await CountAsync(new() { Type = ArtifactType.Audio }));

        Assert.Equal((3, 2), (all, audio));
        Assert.Equal(3, await CountAsync(new() { Search = "TERVIEW" }));
        Assert.Equal(2, await CountAsync(new() { Search = "äöü" }));
        Assert.Equal(2, await CountAsync(new() { Search = "%_\\" }));
        Assert.Equal(0, await CountAsync(new() { Search = "i%w" }));
        Assert.Equal(1, await CountAsync(new() { Search = "interview", Type = ArtifactType.Video }));
        Assert.Equal(0, await CountAsync(new() { Status = ArtifactStatus.UploadCompleted }));
        Assert.Equal(3, await CountAsync(new() { Status = ArtifactStatus.Created }));
        Assert.Equal(3, await CountAsync(new() { CreatedAfter = TimeProvider.System.GetUtcNow().AddMinutes(-5), CreatedBefore = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(5)).AddMinutes(5) }));
        Assert.Equal(0, await CountAsync(new() { CreatedBefore = TimeProvider.System.GetUtcNow().AddMinutes(-5) }));

        async Task<int> CountAsync(ArtifactQuery query) => (await company.Client.ListArtifactsAsync(query, ct)).Data.Count;
    }

    [Fact]
    public async Task What_was_shown_with_an_instant_is_neither_after_nor_before_it()
    {
        var company = await platform.NewCompanyAsync();
        await InsertAsync(company, 3);
        var shown = (await company.Client.ListArtifactsAsync(new(), ct)).Data;

        foreach (var artifact in shown)
        {
            Assert.Equal(shown.Where(a => a.CreatedAt > artifact.CreatedAt).Select(a => a.Id), await IdsAsync(new() { CreatedAfter = artifact.CreatedAt }));
            Assert.Equal(shown.Where(a => a.CreatedAt < artifact.CreatedAt).Select(a => a.Id), await IdsAsync(new() { CreatedBefore = artifact.CreatedAt }));
        }

        Assert.Empty(await IdsAsync(new() { CreatedAfter = DateTimeOffset.MaxValue }));

        async Task<IEnumerable<string>> IdsAsync(ArtifactQuery query) => (await company.Client.ListArtifactsAsync(query, ct)).Data.Select(a => a.Id);
    }

    [Fact]
    public async Task A_page_holds_20_unless_told_otherwise()
    {
        var company = await platform.NewCompanyAsync();
        await InsertAsync(company, 21);
        var page = await company.Client.ListArtifactsAsync(new(), ct);

        Assert.Equal((20, true, page.Data[^1].Id), (page.Data.Count, page.HasMore, page.NextCursor));
    }

    [Fact]
    public async Task A_cursor_that_is_not_the_companys_is_refused()
    {
        var company = await platform.NewCompanyAsync();
        var foreign = (await InsertAsync(await platform.NewCompanyAsync(), 1))[0];
        foreach (var (query, param) in new[] { (new ArtifactQuery { StartingAfter = foreign }, "startingAfter"), (new() { EndingBefore = "nonsense" }, "endingBefore"), (new() { StartingAfter = "a", EndingBefore = "b" }, "endingBefore") })
        {
            var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.ListArtifactsAsync(query, ct));
            Assert.Equal((HttpStatusCode.BadRequest, param), (e.Status, e.Error.Param));
        }
    }

    /// <summary>Rows without events or jobs: lists care for neither.</summary>
    private async Task<List<string>> InsertAsync(TestCompany company, int count, ArtifactType type = ArtifactType.Video, string name = "a")
    {
        await using var db = platform.Database();
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var artifact = new Artifact(company.CompanyId, company.UserId, null, name, type, ArtifactSource.Url, "artifacts", TimeProvider.System.GetUtcNow());
            db.Add(artifact);
            ids.Add(artifact.Id);
            await db.SaveChangesAsync(ct);
        }

        return ids;
    }
}
