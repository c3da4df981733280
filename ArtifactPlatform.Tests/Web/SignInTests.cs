using System.Net;
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

    [Theory]
    [InlineData("/sign-in", "sign-in")]
    [InlineData("/join", "open-invitation")]
    [InlineData("/sign-out", "")]
    public async Task A_form_without_the_pages_own_token_is_refused(string path, string handler)
    {
        using var http = new HttpClient { BaseAddress = Platform.WebUrl };
        using var form = new FormUrlEncodedContent([new("_handler", handler), new("Form.Email", "kim@example.com"), new("Form.Password", "seven quiet otters"), new("Opening.Token", "join_x")]);

        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), form, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain(response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], cookie => cookie.StartsWith("artifact-platform-session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_tls_ends_in_front_of_it_cookies_are_for_tls_alone()
    {
        var keys = Directory.CreateTempSubdirectory("dashboard-keys");
        var address = OwnDashboard.FreeAddress();
        using var dashboard = await OwnDashboard.StartAsync(address, Platform.ApiUrl, keys.FullName, [("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true")], Ct);
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
            using var response = await http.GetAsync(new Uri("/sign-in", UriKind.Relative), Ct);

            var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
            Assert.All(["artifact-platform-form", "secure", "samesite=strict", "httponly"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));
        }
        finally
        {
            dashboard.Kill();
            await dashboard.WaitForExitAsync(CancellationToken.None);
            keys.Delete(recursive: true);
        }
    }
}
