using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>The storage doctor, through the browser.</summary>
public sealed class StorageTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    [Fact]
    public async Task An_owner_has_the_store_checked_and_a_member_does_not()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company, "/storage");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Check the store" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "The store does all that the platform needs" })).ToBeVisibleAsync();
        await Expect(Page.Locator("li[data-check]")).ToHaveCountAsync(10);
        await Expect(Page.Locator("li[data-status='Passed']")).ToHaveCountAsync(10);
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Uploads from a browser (CORS)" })).ToBeVisibleAsync();
        Assert.Empty(Complaints);

        await using (var db = Platform.Database())
        {
            await db.Users.Where(u => u.Id == company.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.Member), Ct);
        }

        await Page.Context.ClearCookiesAsync();
        await SignInAsync(company, "/storage");
        await Expect(Page.GetByText("For owners")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Check the store" })).ToHaveCountAsync(0);
    }
}
