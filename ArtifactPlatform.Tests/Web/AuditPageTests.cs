using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Core.Audit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>Who did what, through the browser.</summary>
public sealed class AuditPageTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    private ILocator Entries => Page.Locator("tr[data-entry]");

    [Fact]
    public async Task It_is_filtered_by_action_and_actor_and_its_details_are_read()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company, "/audit-log");
        await Expect(Page.GetByText("Nothing has happened yet")).ToBeVisibleAsync();

        var byOwner = await company.SignInAsync(Ct);
        await byOwner.CreateInvitationAsync(new() { Email = "<i>kim</i>@example.com", Role = "member" }, Ct);
        var key = await company.Client.CreateApiKeyAsync(new() { Name = "CI", Scopes = ["artifacts:read", "artifacts:write"] }, Ct);
        await company.Client.RevokeApiKeyAsync(key.Id, Ct);
        await Page.ReloadAsync();
        await Expect(Entries.Locator("summary")).ToHaveTextAsync(["Revoked an API key CI", "Made an API key CI", "Invited someone <i>kim</i>@example.com"]);

        await Page.GetByLabel("Actor").SelectOptionAsync(new SelectOptionValue { Label = "Test Owner" });
        await Expect(Entries).ToHaveCountAsync(1);
        await AddressEndsWithAsync($"?actor={company.UserId}");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(Entries).ToHaveCountAsync(3);
        await Page.GetByLabel("Action").SelectOptionAsync("api_key.created");
        await Expect(Entries.Locator("summary")).ToHaveTextAsync(["Made an API key CI"]);
        await Entries.Locator("summary").ClickAsync();
        await Expect(Entries.Locator("dl")).ToContainTextAsync("artifacts:read, artifacts:write");
        await Page.GetByLabel("Action").SelectOptionAsync("user.removed");
        await Expect(Page.GetByText("Nothing of that kind")).ToBeVisibleAsync();
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task A_long_log_is_read_page_by_page()
    {
        var company = await Platform.NewCompanyAsync();
        await using (var db = Platform.Database())
        {
            var now = TimeProvider.System.GetUtcNow();
            db.AddRange(Enumerable.Range(0, 60).Select(i => new AuditEntry(company.CompanyId, AuditActorType.User, company.UserId, AuditActions.ArtifactDeleted, $"{i}", new { Name = $"film-{i}.mp4" }, "req_x", now.AddSeconds(i - 60))));
            await db.SaveChangesAsync(Ct);
        }

        await SignInAsync(company, "/audit-log");
        await Expect(Entries).ToHaveCountAsync(50);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Load more" }).ClickAsync();
        await Expect(Entries).ToHaveCountAsync(60);
        await Expect(Entries.Last).ToContainTextAsync("film-0.mp4");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Load more" })).ToHaveCountAsync(0);
    }
}
