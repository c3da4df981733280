using ArtifactPlatform.Core.Companies;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>Who belongs to a company, through the browser.</summary>
public sealed class TeamTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    private readonly Browser browser = browser;

    private ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    private ILocator People => Page.Locator("tr[data-person]");

    [Fact]
    public async Task Someone_is_invited_joins_by_the_link_becomes_a_viewer_and_is_removed()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company, "/team");
        await Expect(Page.GetByText("Nobody else is here yet")).ToBeVisibleAsync();
        await Expect(People).ToHaveCountAsync(1);
        await Page.Locator(".page-actions").GetByRole(AriaRole.Button, new() { Name = "Invite" }).ClickAsync();
        await Dialog.GetByLabel("E-mail").FillAsync($"{company.CompanyId}-kim@example.com");
        await Dialog.GetByLabel("Name").FillAsync("Kim <b>Doe</b>");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Make link" }).ClickAsync();
        await Expect(Dialog.GetByText("It can't be shown again")).ToBeVisibleAsync();
        var link = (await Dialog.Locator("pre code").TextContentAsync())!.Trim();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        await Expect(Page.Locator("tr[data-invitation]")).ToHaveCountAsync(1);
        Assert.StartsWith(new Uri(Platform.WebUrl, "/join#join_").ToString(), link, StringComparison.Ordinal);

        await using var context = await browser.NewContextAsync(new() { BaseURL = Platform.WebUrl.ToString() });
        var theirs = await context.NewPageAsync();
        await theirs.GotoAsync(link);
        await Expect(theirs.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Join Company");
        await Expect(theirs).ToHaveURLAsync(new Uri(Platform.WebUrl, "/join").ToString());
        await Expect(theirs.GetByLabel("Your name")).ToHaveValueAsync("Kim <b>Doe</b>");
        await theirs.GetByLabel("Password").FillAsync("password1234");
        await theirs.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await Expect(theirs.GetByRole(AriaRole.Alert)).ToContainTextAsync("guessed first");
        await theirs.GetByLabel("Password").FillAsync("seven quiet otters");
        await theirs.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await Expect(theirs.GetByRole(AriaRole.Heading, new() { Name = "Artifacts", Exact = true })).ToBeVisibleAsync();

        await Page.ReloadAsync();
        await Expect(People).ToHaveCountAsync(2);
        var role = Page.GetByLabel("Role of Kim <b>Doe</b>");
        await Expect(role).ToHaveValueAsync("member");
        await role.SelectOptionAsync("viewer");
        await Eventually.TrueAsync(async () => (await company.Client.ListUsersAsync(null, null, Ct)).Data.Any(u => u.Role == "viewer"), () => "the role to change");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove Kim" }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(People).ToHaveCountAsync(1);
        Assert.Single((await company.Client.ListUsersAsync(null, null, Ct)).Data);
        var token = link.Split('#')[1];
        Assert.DoesNotContain(Platform.App.GetLogs("web"), line => line.Contains(token, StringComparison.Ordinal));
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task A_revoked_invitation_opens_nothing_and_the_last_owner_stays_one()
    {
        var company = await Platform.NewCompanyAsync();
        var invitation = await company.Client.CreateInvitationAsync(new() { Email = $"{company.CompanyId}-kim@example.com", Role = "owner" }, Ct);
        await SignInAsync(company, "/team");

        await Page.GetByLabel("Role of Test Owner").SelectOptionAsync("member");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Give up" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("last owner");
        await Expect(Page.GetByLabel("Role of Test Owner")).ToHaveValueAsync("owner");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(Page.Locator("tr[data-invitation]")).ToHaveCountAsync(0);
        await Page.GotoAsync($"/join#{invitation.Token}");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("can't be used");
    }

    [Fact]
    public async Task Team_and_audit_log_are_for_owners()
    {
        var company = await Platform.NewCompanyAsync();
        var member = await company.AddPersonAsync(UserRole.Member);
        await SignInAsync(company with { Email = member.Email, Password = member.Password }, "/team");

        await Expect(Page.GetByText("For owners")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Invite" })).ToHaveCountAsync(0);
        await Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "Artifacts" })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Team" })).ToHaveCountAsync(0);
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Audit log" })).ToHaveCountAsync(0);
        await Page.GotoAsync("/audit-log");
        await Expect(Page.GetByText("For owners")).ToBeVisibleAsync();
    }
}
