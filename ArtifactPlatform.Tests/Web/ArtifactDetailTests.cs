using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Tests.Ingest;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

public sealed class ArtifactDetailTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    [Fact]
    public async Task A_failure_is_told_in_plain_words_with_its_code()
    {
        var company = await Platform.NewCompanyAsync();
        var id = await DepositAsync(company, "broken.mp4", ArtifactType.Video, "<!doctype html><title>Sign in</title>"u8.ToArray());
        var failed = await company.EndedAsync(id);
        Assert.Equal(ArtifactStatus.UploadFailed, failed.Status);

        await SignInAsync(company, $"/artifacts/{id}");

        await Expect(Page.GetByText("It did not work")).ToBeVisibleAsync();
        await Expect(Page.GetByText(failed.ErrorMessage ?? "")).ToBeVisibleAsync();
        await Expect(Page.Locator(".error-code")).ToContainTextAsync(failed.ErrorCode ?? "");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Retry" })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Download" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_completed_artifact_shows_its_media_and_downloads_under_its_name()
    {
        var company = await Platform.NewCompanyAsync();
        var id = await DepositAsync(company, "Überschall \"live\".wav", ArtifactType.Audio, Wav());
        var artifact = await company.CompletedAsync(id);
        await SignInAsync(company, $"/artifacts/{id}");

        await Expect(Page.GetByText("pcm_s16le").First).ToBeVisibleAsync();
        await Expect(Page.GetByText("8 kHz").First).ToBeVisibleAsync();
        await Expect(Page.GetByText(artifact.Hash ?? "")).ToBeVisibleAsync();
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());

        await using var content = await download.CreateReadStreamAsync();
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, Ct);
        Assert.Equal(Wav(), copy.ToArray());
        // Chromium replaces quotes, which no file name on Windows may have.
        Assert.StartsWith("Überschall", download.SuggestedFilename, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_fragments_are_seen_at_once()
    {
        var company = await Platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var url = server.AddFile(Wav());
        var fragments = Enumerable.Range(0, 10).Select(i => new FragmentRequest { Url = url, StartTime = i }).ToList();
        var created = await company.Client.CreateArtifactAsync(new() { Name = "joined.wav", Type = ArtifactType.Audio, Fragments = fragments }, Ct);
        await company.CompletedAsync(created.Id);
        await SignInAsync(company, $"/artifacts/{created.Id}");

        var table = Page.GetByRole(AriaRole.Region, new() { Name = "Fragments", Exact = true });
        await Expect(table.Locator("tbody tr")).ToHaveCountAsync(10);

        Assert.Equal(0, await table.EvaluateAsync<int>("box => box.scrollHeight - box.clientHeight"));
    }

    [Fact]
    public async Task The_page_follows_the_artifact_by_itself()
    {
        var company = await Platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "live.wav", Type = ArtifactType.Audio }, Ct);
        await SignInAsync(company, $"/artifacts/{upload.ArtifactId}");
        await Expect(Page.Locator(".badge")).ToHaveTextAsync("Created");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Rename" })).ToBeEnabledAsync();
        var reloaded = await WatchForReloadAsync();

        await PutAsync(upload, Wav());
        await Expect(Page.Locator(".badge")).ToHaveTextAsync("Completed");
        await company.Client.DeleteArtifactAsync(upload.ArtifactId, Ct);

        await Expect(Page.GetByText("This artifact was deleted")).ToBeVisibleAsync();
        Assert.False(await reloaded());
    }

    [Fact]
    public async Task Renaming_keeps_the_name_as_it_is_typed()
    {
        var company = await Platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "old.mp4", Type = ArtifactType.Video }, Ct);
        await SignInAsync(company, $"/artifacts/{upload.ArtifactId}");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("<b>مقابلة</b> & more.mp4");
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("<b>مقابلة</b> & more.mp4");
        Assert.Equal("<b>مقابلة</b> & more.mp4", (await company.Client.GetArtifactAsync(upload.ArtifactId, Ct)).Name);
    }

    [Fact]
    public async Task Deleting_asks_first()
    {
        var company = await Platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "unwanted.mp4", Type = ArtifactType.Video }, Ct);
        await SignInAsync(company, $"/artifacts/{upload.ArtifactId}");
        var dialog = Page.GetByRole(AriaRole.Dialog);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.NotNull(await company.Client.GetArtifactAsync(upload.ArtifactId, Ct));

        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await AddressEndsWithAsync("/artifacts");
        await Expect(Page.GetByText("No artifacts yet")).ToBeVisibleAsync();
        Assert.Empty((await company.Client.ListArtifactsAsync(new(), Ct)).Data);
    }

    [Fact]
    public async Task The_theme_that_was_chosen_is_remembered()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company);
        var root = Page.Locator("html");
        await Expect(root).ToHaveAttributeAsync("data-theme", "light");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
        await Page.ReloadAsync();

        await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
    }
}
