using ArtifactPlatform.Client;
using ArtifactPlatform.Core.Companies;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>One's own account, through the browser, as the role that may do the least.</summary>
public sealed class AccountTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    private ILocator Sessions => Page.Locator("li[data-session]");

    [Fact]
    public async Task Name_sessions_and_password_are_ones_own_to_change()
    {
        var company = await Platform.NewCompanyAsync();
        var person = await company.AddPersonAsync(UserRole.Viewer);
        var elsewhere = await company.Client.SignInAsync(new Client.Auth.CreateSessionRequest { Email = person.Email, Password = person.Password, Device = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0" }, Ct);
        var another = await company.SignInAsync(person, Ct);
        await SignInAsync(company with { Email = person.Email, Password = person.Password });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Account of" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Account" }).ClickAsync();
        await AddressEndsWithAsync("/account");
        await Expect(Page.Locator("#user-menu")).ToBeHiddenAsync();

        await Expect(Sessions).ToHaveCountAsync(3);
        await Expect(Sessions.Nth(0)).ToContainTextAsync("Chrome on Linux");
        await Expect(Sessions.Nth(0)).ToContainTextAsync("This one");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out Firefox on Windows" }).ClickAsync();
        await Expect(Sessions).ToHaveCountAsync(2);
        await EndedAsync(company.Client.WithToken(elsewhere.Token));

        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere else" }).ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Page.GetByText("You are signed in nowhere else.")).ToBeVisibleAsync();
        await EndedAsync(another);

        await Page.GetByLabel("Current password").FillAsync("not the password");
        await Page.GetByLabel("New password").FillAsync("seven quiet otters");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("current password is wrong");
        await Page.GetByLabel("Current password").FillAsync(person.Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Expect(Page.GetByText("Your password is changed")).ToBeVisibleAsync();
        await company.Client.SignInAsync(person.Email, "seven quiet otters", Ct);

        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Kim Doe");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Account of Kim Doe" })).ToBeVisibleAsync();
        Assert.Empty(Complaints);
    }

    private async Task EndedAsync(PlatformClient client) =>
        Assert.Equal("token_revoked", (await Assert.ThrowsAsync<PlatformApiException>(() => client.GetCurrentSessionAsync(Ct))).Error.Code);
}
