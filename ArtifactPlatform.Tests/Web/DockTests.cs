using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Tests.Docks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>Docks, their machines and what is in them, through the browser.</summary>
public sealed class DockTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    private ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    private ILocator Deposits => Page.Locator("tr[data-dock-artifact]");

    [Fact]
    public async Task A_dock_is_made_gets_a_machine_and_shows_what_it_deposits()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company, "/docks");
        await Expect(Page.GetByText("No docks yet")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "New dock" }).First.ClickAsync();
        await Dialog.GetByLabel("Name").FillAsync("Radiology <b>3</b>");
        await Dialog.GetByLabel("Largest file").FillAsync("2.5");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Make dock" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Radiology <b>3</b>");
        await Expect(Page.GetByText("Nothing here yet")).ToBeVisibleAsync();
        var dock = Assert.Single((await company.Client.ListDocksAsync(null, null, Ct)).Data);
        Assert.Equal(2_500_000, dock.MaxSizeBytes);

        await Page.GetByRole(AriaRole.Button, new() { Name = "New client" }).ClickAsync();
        await Dialog.GetByLabel("Name").FillAsync("EHR");
        await Dialog.GetByLabel("See and download artifacts").CheckAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Make client" }).ClickAsync();
        await Expect(Dialog.GetByText("can't be shown again")).ToBeVisibleAsync();
        var (id, secret) = ((await Dialog.Locator("pre code").Nth(0).TextContentAsync())!.Trim(), (await Dialog.Locator("pre code").Nth(1).TextContentAsync())!.Trim());
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        await Expect(Page.Locator("li[data-client] .tags code")).ToHaveTextAsync(["artifacts:write", "artifacts:read"]);
        Assert.DoesNotContain(secret, await Page.ContentAsync(), StringComparison.Ordinal);

        var token = await company.Client.GetTokenAsync(id, secret, null, Ct);
        var content = TestDock.Content();
        using (var body = new MemoryStream(content))
        {
            await company.Client.WithToken(token.AccessToken).MachineDockArtifacts(dock.Id).DepositAsync(new() { Filename = "Befund ü.pdf" }, body, Ct);
        }

        await Expect(Deposits).ToHaveCountAsync(1);
        await Expect(Deposits.Locator("[data-status]")).ToHaveTextAsync("Completed");
        await Expect(Deposits.Locator(".cell-hash code")).ToHaveAttributeAsync("title", TestDock.HashOf(content));
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = "Download Befund ü.pdf" }).ClickAsync());
        await using var stream = await download.CreateReadStreamAsync();
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Ct);
        Assert.Equal((content.Length, "Befund ü.pdf"), ((int)copy.Length, download.SuggestedFilename));
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task Rotating_and_deleting_ask_first_and_a_dock_goes_when_it_is_empty()
    {
        var company = await Platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(Ct);
        await dock.CompletedAsync(new() { Filename = "report.bin" }, TestDock.Content(), Ct);
        await SignInAsync(company, $"/docks/{dock.Id}");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Rotate the secret of EHR" }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Rotate" }).ClickAsync();
        await Expect(Dialog.GetByText("can't be shown again")).ToBeVisibleAsync();
        var secret = (await Dialog.Locator("pre code").Nth(1).TextContentAsync())!.Trim();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        Assert.Equal("invalid_client", await TestDock.CodeAsync(() => company.Client.GetTokenAsync(dock.Machine.ClientId, dock.Machine.ClientSecret, null, Ct)));
        await company.Client.GetTokenAsync(dock.Machine.ClientId, secret, null, Ct);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete EHR" }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(Page.Locator("li[data-client]")).ToHaveCountAsync(0);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(Page.GetByText("The dock holds artifacts")).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete report.bin" }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(Deposits).ToHaveCountAsync(0);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await AddressEndsWithAsync("/docks");
        Assert.Empty((await company.Client.ListDocksAsync(null, null, Ct)).Data);
    }

    [Fact]
    public async Task A_viewer_sees_what_is_in_a_dock_and_changes_nothing()
    {
        var company = await Platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(Ct);
        await dock.CompletedAsync(new() { Filename = "report.bin" }, TestDock.Content(), Ct);
        await using (var db = Platform.Database())
        {
            await db.Users.Where(u => u.Id == company.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.Viewer), Ct);
        }

        await SignInAsync(company, $"/docks/{dock.Id}");

        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Download report.bin" })).ToBeVisibleAsync();
        var search = Page.GetByLabel("Search artifacts");
        await Expect(search).ToHaveValueAsync("");
        await search.FillAsync("letter");
        await Expect(Page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await search.FillAsync("REPORT");
        await Expect(Deposits).ToHaveCountAsync(1);
        await Expect(Page.Locator("main").GetByRole(AriaRole.Button, new() { NameRegex = new("Delete|Edit|New|Rotate") })).ToHaveCountAsync(0);
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Machine clients" })).ToHaveCountAsync(0);
    }
}
