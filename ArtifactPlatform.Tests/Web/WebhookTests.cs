using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Tests.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>Webhook endpoints and what was sent to them, through the browser.</summary>
public sealed class WebhookTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    private ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    private ILocator Deliveries => Page.Locator("tr[data-delivery]");

    [Fact]
    public async Task An_endpoint_is_made_tested_and_shows_what_it_answered()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var url = receiver.Add();
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company, "/webhooks");
        await Expect(Page.GetByText("No webhooks yet")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "New endpoint" }).First.ClickAsync();
        await Dialog.GetByLabel("Address").FillAsync(url);
        await Dialog.GetByLabel("artifact.*").CheckAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Make endpoint" }).ClickAsync();
        await Expect(Dialog.GetByText("can't be shown again")).ToBeVisibleAsync();
        var secret = (await Dialog.Locator("pre code").TextContentAsync())!.Trim();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(url);
        Assert.DoesNotContain(secret, await Page.ContentAsync(), StringComparison.Ordinal);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Send test" }).ClickAsync();

        await Expect(Deliveries).ToHaveCountAsync(1);
        await Expect(Deliveries.Locator("[data-status]")).ToHaveAttributeAsync("data-status", "Delivered");
        Assert.True(Assert.Single(receiver.At(url)).IsSignedWith(secret));
        await Deliveries.GetByRole(AriaRole.Button, new() { NameRegex = new("^Details") }).ClickAsync();
        await Expect(Page.Locator(".delivery-details")).ToContainTextAsync("Delivery ID");
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task An_endpoint_that_the_platform_gave_up_is_told_of_on_every_page()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var company = await Platform.NewCompanyAsync();
        var endpoint = await company.Client.CreateWebhookEndpointAsync(new() { Url = receiver.AddStatus(410), Events = ["artifact.*"] }, Ct);
        await company.Client.CreateUploadAsync(new() { Name = "a.txt", Type = Client.Artifacts.ArtifactType.Script }, Ct);
        await Eventually.TrueAsync(
            async () => (await company.Client.GetWebhookEndpointAsync(endpoint.Id, Ct)).Status == Client.Webhooks.WebhookEndpointStatus.Disabled, () => $"the endpoint to be disabled\n{Platform.LogsAbout(endpoint.Id)}");

        await SignInAsync(company, "/artifacts");
        await Expect(Page.Locator(".nav-alarm").First).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Webhooks") }).First.ClickAsync();

        await Expect(Page.Locator(".notice-danger")).ToContainTextAsync("was disabled");
    }

    [Fact]
    public async Task A_member_sees_no_webhooks()
    {
        var company = await Platform.NewCompanyAsync();
        await using (var db = Platform.Database())
        {
            await db.Users.Where(u => u.Id == company.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.Member), Ct);
        }

        await SignInAsync(company, "/webhooks");

        await Expect(Page.GetByText("Webhooks are managed by the owners")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Webhooks") })).ToHaveCountAsync(0);
        await Expect(Page.Locator("main").GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }
}
