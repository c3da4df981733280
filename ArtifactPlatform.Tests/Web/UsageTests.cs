using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Tests.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>Usage and quotas, through the browser.</summary>
public sealed class UsageTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    [Fact]
    public async Task Quotas_and_days_are_shown_as_they_are()
    {
        var company = await Platform.NewCompanyAsync();
        await company.CompletedAsync(await DepositAsync(company, "a.wav", ArtifactType.Audio, Wav()));
        await company.LimitAsync(UsageKind.StoredBytes, 230_000);
        await company.LimitAsync(UsageKind.Views, 0);
        await company.Client.CreateUploadSessionAsync(new() { Filename = "b.wav", MimeType = "audio/wav", FileSizeBytes = 10_000 }, Ct);
        await SignInAsync(company, "/usage");

        var stored = Page.GetByRole(AriaRole.Region, new() { Name = "Stored" });
        await Expect(stored).ToContainTextAsync("192.0 kB of 230.0 kB");
        await Expect(stored).ToContainTextAsync("10.0 kB more put aside");
        await Expect(stored.GetByRole(AriaRole.Meter)).ToHaveAttributeAsync("aria-valuenow", "87");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Encode minutes" })).ToContainTextAsync("used, no limit");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Views" })).ToContainTextAsync("The quota is used up");

        // One column has height: today's.
        await Expect(Page.Locator(".usage-chart svg .rz-column-series path")).Not.ToHaveCountAsync(0);
        await Page.GetByText("As a table").ClickAsync();
        await Expect(Page.Locator(".usage-table tbody tr")).ToHaveCountAsync(30);
        await Expect(Page.Locator(".usage-table tbody tr").First).ToContainTextAsync("192.0 kB");
        await Page.GetByLabel("Period").SelectOptionAsync("7");
        await Expect(Page.Locator(".usage-table tbody tr")).ToHaveCountAsync(7);
        await Page.GetByLabel("Show", new() { Exact = true }).SelectOptionAsync("Views");
        await Expect(Page.Locator(".usage-chart")).ToHaveAttributeAsync("aria-label", "Views by day; the table below has the numbers.");
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task Where_nothing_was_done_it_says_so_to_viewers_too()
    {
        var company = await Platform.NewCompanyAsync();
        await using (var db = Platform.Database())
        {
            await db.Users.Where(u => u.Id == company.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.Viewer), Ct);
        }

        await SignInAsync(company);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Usage" }).ClickAsync();

        await Expect(Page.GetByText("Nothing in this period")).ToBeVisibleAsync();
        await Expect(Page.GetByText("0 B used, no limit")).ToBeVisibleAsync();
        await Expect(Page.GetByText(company.CompanyId)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_quota_that_is_used_up_is_told_in_plain_words()
    {
        var company = await Platform.NewCompanyAsync();
        await company.LimitAsync(UsageKind.StoredBytes, 0);
        await SignInAsync(company);
        await Page.GetByRole(AriaRole.Button, new() { Name = "From URL" }).First.ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Address of the file").FillAsync("https://media.example.com/a.mp4");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create artifact" }).ClickAsync();

        await Expect(dialog.GetByText("Your company's quota doesn't allow this.")).ToBeVisibleAsync();
    }
}
