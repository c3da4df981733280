using ArtifactPlatform.Client.Artifacts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

public sealed class ArtifactListTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    [Fact]
    public async Task A_row_changes_by_itself_from_created_to_completed()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company);
        await Expect(Page.GetByText("No artifacts yet")).ToBeVisibleAsync();
        var reloaded = await WatchForReloadAsync();

        var upload = await company.Client.CreateUploadAsync(new() { Name = "live.wav", Type = ArtifactType.Audio }, Ct);
        await Expect(Row(upload.ArtifactId)).ToContainTextAsync("Created");
        await PutAsync(upload, Wav());

        await Expect(Row(upload.ArtifactId)).ToContainTextAsync("Completed");
        await Expect(Row(upload.ArtifactId)).ToContainTextAsync("0:01");
        await company.Client.DeleteArtifactAsync(upload.ArtifactId, Ct);
        await Expect(Page.GetByText("No artifacts yet")).ToBeVisibleAsync();
        Assert.False(await reloaded());
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task Filters_and_search_stand_in_the_address_and_outlive_a_reload()
    {
        var company = await Platform.NewCompanyAsync();
        var song = await company.Client.CreateUploadAsync(new() { Name = "Morning song.wav", Type = ArtifactType.Audio }, Ct);
        var film = await company.Client.CreateUploadAsync(new() { Name = "Morning film.mp4", Type = ArtifactType.Video }, Ct);
        await SignInAsync(company);
        await Expect(Rows).ToHaveCountAsync(2);

        await Page.GetByLabel("Type", new() { Exact = true }).SelectOptionAsync("Audio");
        await Expect(Rows).ToHaveCountAsync(1);
        await Expect(Row(song.ArtifactId)).ToBeVisibleAsync();
        await Page.GetByLabel("Search artifacts by name").FillAsync("MORNING");
        await AddressEndsWithAsync("/artifacts?type=audio&search=MORNING");

        await Page.ReloadAsync();
        await Expect(Rows).ToHaveCountAsync(1);
        await Expect(Page.GetByLabel("Search artifacts by name")).ToHaveValueAsync("MORNING");
        await Page.GetByLabel("Search artifacts by name").FillAsync("evening");
        await Expect(Page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(Rows).ToHaveCountAsync(2);
        await Expect(Row(film.ArtifactId)).ToBeVisibleAsync();
        await AddressEndsWithAsync("/artifacts");
    }

    [Fact]
    public async Task Only_what_fits_the_filter_appears_by_itself()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company, "/artifacts?type=video&search=harbour");
        await Expect(Page.GetByText("Nothing matches")).ToBeVisibleAsync();
        // The controls come to life together with the live updates.
        await Expect(Page.GetByLabel("Search artifacts by name")).ToBeEnabledAsync();

        await company.Client.CreateUploadAsync(new() { Name = "Harbour.wav", Type = ArtifactType.Audio }, Ct);
        await company.Client.CreateUploadAsync(new() { Name = "Forest.mp4", Type = ArtifactType.Video }, Ct);
        var harbour = await company.Client.CreateUploadAsync(new() { Name = "Old harbour.mp4", Type = ArtifactType.Video }, Ct);

        await Expect(Row(harbour.ArtifactId)).ToBeVisibleAsync();
        await Expect(Rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages()
    {
        var company = await Platform.NewCompanyAsync();
        for (var i = 0; i < 30; i++)
        {
            await company.Client.CreateUploadAsync(new() { Name = $"Clip {i:00}.mp4", Type = ArtifactType.Video }, Ct);
        }

        await SignInAsync(company);
        await Expect(Rows).ToHaveCountAsync(25);
        await Expect(Rows.First).ToContainTextAsync("Clip 29");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Load more" }).ClickAsync();

        await Expect(Rows).ToHaveCountAsync(30);
        await Expect(Rows.Last).ToContainTextAsync("Clip 00");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Load more" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Another_companys_artifacts_never_show()
    {
        var company = await Platform.NewCompanyAsync();
        var other = await Platform.NewCompanyAsync();
        var foreign = await other.Client.CreateUploadAsync(new() { Name = "Not yours.mp4", Type = ArtifactType.Video }, Ct);
        await SignInAsync(company, $"/artifacts/{foreign.ArtifactId}");

        await Expect(Page.GetByText("There is no such artifact")).ToBeVisibleAsync();
        // A word of the Api's own in the place of an id.
        await Page.GotoAsync("/artifacts/deleted");
        await Expect(Page.GetByText("There is no such artifact")).ToBeVisibleAsync();
        await Expect(Page.Locator("header .live:enabled")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "To the artifacts" }).ClickAsync();
        await Expect(Page.GetByText("No artifacts yet")).ToBeVisibleAsync();
    }
}
