using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

public sealed class SignInTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    [Fact]
    public async Task A_signed_out_visitor_is_led_to_sign_in_and_back()
    {
        var company = await Platform.NewCompanyAsync();

        await Page.GotoAsync("/artifacts?type=audio");

        Assert.Contains("/sign-in?returnUrl=%2Fartifacts%3Ftype%3Daudio", Page.Url, StringComparison.Ordinal);
        await SubmitAsync(company.Email, company.Password);
        await AddressEndsWithAsync("/artifacts?type=audio");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Artifacts", Exact = true })).ToBeVisibleAsync();
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer()
    {
        var company = await Platform.NewCompanyAsync();
        await Page.GotoAsync("/sign-in");

        await SubmitAsync(company.Email, "not the password");
        var alert = Page.GetByRole(AriaRole.Alert);
        await Expect(alert).ToContainTextAsync("don't match");
        var wrongPassword = await alert.InnerTextAsync();
        await Expect(Page.GetByLabel("E-mail")).ToHaveValueAsync(company.Email);
        await Expect(Page.GetByLabel("Password")).ToHaveValueAsync("");

        await Page.GotoAsync("/sign-in");
        await SubmitAsync("nobody@example.com", "not the password");
        await Expect(alert).ToContainTextAsync("don't match");
        Assert.Equal(wrongPassword, await alert.InnerTextAsync());
    }

    [Theory]
    [InlineData("https://example.com/")]
    [InlineData("//example.com/")]
    [InlineData("/\\example.com/")]
    public async Task A_return_address_elsewhere_is_ignored(string returnUrl)
    {
        var company = await Platform.NewCompanyAsync();
        await Page.GotoAsync($"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");

        await SubmitAsync(company.Email, company.Password);

        await Expect(Page).ToHaveURLAsync(new Uri(Platform.WebUrl, "/artifacts").ToString());
    }

    [Fact]
    public async Task Signing_out_ends_the_session_in_every_tab()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company);
        var cookie = Assert.Single(await Page.Context.CookiesAsync(), c => c.Name == "artifact-platform-session");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Lax, cookie.SameSite);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Account of" }).ClickAsync();
        await Expect(Page.GetByText(company.Email)).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Page.GetByText("You are signed out.")).ToBeVisibleAsync();

        // Whoever kept a copy of the cookie has nothing.
        await Page.Context.AddCookiesAsync([new() { Name = cookie.Name, Value = cookie.Value, Url = Platform.WebUrl.ToString() }]);
        await Page.GotoAsync("/artifacts");
        Assert.Contains("/sign-in", Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_forbids_framing_and_foreign_scripts()
    {
        using var http = new HttpClient { BaseAddress = Platform.WebUrl };

        using var response = await http.GetAsync(new Uri("/sign-in", UriKind.Relative), Ct);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }
}
