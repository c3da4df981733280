using System.Diagnostics;
using ArtifactPlatform.Tests.Api;
using ArtifactPlatform.Tests.Oidc;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>Signing in through a real provider, with a dashboard and an Api that are set up for it.</summary>
public sealed class OidcTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    [Fact]
    public async Task People_sign_in_and_join_through_the_provider_and_strangers_do_not()
    {
        var company = await Platform.NewCompanyAsync();
        var newcomer = $"{company.CompanyId}-kim@example.com";
        var invitation = await company.Client.CreateInvitationAsync(new() { Email = newcomer, Role = "viewer" }, Ct);
        var keys = Directory.CreateTempSubdirectory("dashboard-keys");
        var address = OwnDashboard.FreeAddress();
        using var provider = await OidcProvider.StartAsync(new Uri(address, "/sign-in/oidc/callback"));
        await using var api = await Platform.StartApiAsync(provider.Settings!, ct: Ct);
        using var dashboard = await OwnDashboard.StartAsync(
            address, api.Address(), keys.FullName, [.. provider.Settings, ("Oidc:ClientSecret", provider.ClientSecret), ("Oidc:DisplayName", "Harbour ID")], Ct);
        try
        {
            await Page.GotoAsync(new Uri(address, "/artifacts?type=audio").ToString());
            await AtProviderAsync("Sign in with Harbour ID", $"{company.CompanyId}-stranger@example.com");
            await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no account for you here yet");

            await Page.Context.ClearCookiesAsync();
            await Page.GotoAsync(new Uri(address, "/artifacts?type=audio").ToString());
            await AtProviderAsync("Sign in with Harbour ID", company.Email);
            await AddressEndsWithAsync("/artifacts?type=audio");
            await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Account of Test Owner" })).ToBeVisibleAsync();

            await Page.Context.ClearCookiesAsync();
            await Page.GotoAsync(new Uri(address, $"/join#{invitation.Token}").ToString());
            await Expect(Page.GetByText(newcomer)).ToBeVisibleAsync();
            await AtProviderAsync("Join with Harbour ID", newcomer);
            await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Account of Name at Provider" })).ToBeVisibleAsync();
            Assert.Contains((await company.Client.ListUsersAsync(null, null, Ct)).Data, u => u.Email == newcomer && u.Role == "viewer");
            var cookie = Assert.Single(await Page.Context.CookiesAsync([address.ToString()]), c => c.Name == "artifact-platform-session");
            Assert.Equal((true, SameSiteAttribute.Lax), (cookie.HttpOnly, cookie.SameSite));
        }
        finally
        {
            dashboard.Kill();
            await dashboard.WaitForExitAsync(CancellationToken.None);
            keys.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Without_a_provider_there_is_nothing_to_press_and_nothing_behind_it()
    {
        await Page.GotoAsync("/sign-in");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Expect(Page.Locator("a[href*='oidc']")).ToHaveCountAsync(0);

        using var http = new HttpClient { BaseAddress = Platform.WebUrl };
        using var response = await http.GetAsync(new Uri("/sign-in/oidc", UriKind.Relative), Ct);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task AtProviderAsync(string link, string login)
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync();
        await Page.GetByLabel("Address").FillAsync(login);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
    }
}
