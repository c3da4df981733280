using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>The company's settings, through the browser.</summary>
public sealed class SettingsTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    [Fact]
    public async Task An_owner_lets_deleted_artifacts_be_kept_and_restores_one()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company, "/settings");
        await Expect(Page.GetByText("None that can be restored.")).ToBeVisibleAsync();
        await Page.GetByLabel("Events, in days").FillAsync("3");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Page.GetByText("Between 7 and 3650 days.")).ToBeVisibleAsync();
        await Page.GetByLabel("Events, in days").FillAsync("60");
        await Page.GetByLabel("Deleted artifacts, in days").FillAsync("14");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Page.GetByText("Saved.")).ToBeVisibleAsync();
        var settings = await company.Client.GetRetentionAsync(Ct);
        Assert.Equal((60, 30, 30, 14), (settings.EventsDays, settings.DeliveriesDays, settings.FailedUploadsDays, settings.DeletedArtifactsDays));

        var artifactId = await DepositAsync(company, "Notes <b>.txt", ArtifactType.Script, "Hello.\n"u8.ToArray());
        await company.CompletedAsync(artifactId);
        await Page.GotoAsync($"/artifacts/{artifactId}");
        await Expect(Page.Locator("header .live:enabled")).ToHaveCountAsync(1);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("for 14 days owners can restore it, under Settings.");
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await AddressEndsWithAsync("/artifacts");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Restore Notes <b>.txt" }).ClickAsync();
        await Expect(Page.GetByText("None that can be restored.")).ToBeVisibleAsync();
        Assert.Equal(artifactId, Assert.Single((await company.Client.ListArtifactsAsync(new(), Ct)).Data).Id);
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task They_are_for_owners()
    {
        var company = await Platform.NewCompanyAsync();
        await using (var db = Platform.Database())
        {
            await db.Users.Where(u => u.Id == company.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.Member), Ct);
        }

        await SignInAsync(company, "/settings");

        await Expect(Page.GetByText("For owners")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Settings" })).ToHaveCountAsync(0);
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToHaveCountAsync(0);
    }
}
