using ArtifactPlatform.Client;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Tests.Ingest;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>Keys and their S3 credentials, through the browser.</summary>
public sealed class ApiKeyTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    private ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    [Fact]
    public async Task A_new_key_is_shown_once_and_works()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company, "/api-keys");
        await Page.GetByRole(AriaRole.Button, new() { Name = "New key" }).ClickAsync();
        await Dialog.GetByLabel("Name").FillAsync("Build <b>server</b>");
        await Dialog.GetByLabel("Create and delete videos").UncheckAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Make key" }).ClickAsync();
        await Expect(Dialog.GetByText("can't be shown again")).ToBeVisibleAsync();
        var key = (await Dialog.Locator("pre code").TextContentAsync())!.Trim();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Build <b>server</b>");
        await Expect(Page.Locator(".tags code")).ToHaveTextAsync(["artifacts:read", "artifacts:write", "videos:read"]);
        Assert.DoesNotContain(key, await Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty((await new PlatformClient(Platform.CreateClient(), key).ListArtifactsAsync(new(), Ct)).Data);
        await Page.GetByRole(AriaRole.Navigation, new() { Name = "Breadcrumb" }).GetByRole(AriaRole.Link, new() { Name = "API keys" }).ClickAsync();
        await Expect(Page.Locator("tr[data-api-key]")).ToHaveCountAsync(2);
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task Rotating_shows_the_new_key_and_revoking_asks_first()
    {
        var company = await Platform.NewCompanyAsync();
        var made = await company.Client.CreateApiKeyAsync(new() { Name = "CI", Scopes = ["artifacts:read"] }, Ct);
        await SignInAsync(company, $"/api-keys/{made.Id}");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Rotate" }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Rotate" }).ClickAsync();
        await Expect(Dialog.GetByText("can't be shown again")).ToBeVisibleAsync();
        var key = (await Dialog.Locator("pre code").TextContentAsync())!.Trim();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        await Expect(Page.GetByText("from before the last rotation is good until")).ToBeVisibleAsync();
        Assert.NotEqual(made.Key, key);
        Assert.Empty((await new PlatformClient(Platform.CreateClient(), key).ListArtifactsAsync(new(), Ct)).Data);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(Page.Locator(".title-lines").GetByText("Revoked")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Rotate" })).ToHaveCountAsync(0);
        Assert.Equal("token_revoked", (await Assert.ThrowsAsync<PlatformApiException>(() => new PlatformClient(Platform.CreateClient(), key).ListArtifactsAsync(new(), Ct))).Error.Code);
    }

    [Fact]
    public async Task S3_credentials_are_attached_tried_and_removed()
    {
        var company = await Platform.NewCompanyAsync();
        using var customer = await S3Customer.CreateAsync(Platform, company, Platform.StoreAddress.Endpoint);
        var path = await customer.PutAsync("in/tone.wav", WavFile.Of(1000));
        await company.Client.DeleteS3CredentialsAsync(company.ApiKeyId, Ct);
        await SignInAsync(company, $"/api-keys/{company.ApiKeyId}");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Attach" }).ClickAsync();
        await Dialog.GetByLabel("Access key id").FillAsync(customer.AccessKey);
        await Dialog.GetByLabel("Secret access key").FillAsync(customer.Secret);
        await Dialog.GetByLabel("Endpoint").FillAsync(Platform.StoreAddress.Endpoint.ToString());
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Attach" }).ClickAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
        await Expect(Page.GetByText(customer.AccessKey)).ToBeVisibleAsync();
        Assert.DoesNotContain(customer.Secret, await Page.ContentAsync(), StringComparison.Ordinal);

        await Page.GetByLabel("Try them on an object").FillAsync(path);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).ClickAsync();
        await Expect(Page.GetByText("The object can be read.")).ToBeVisibleAsync();
        await Page.GetByLabel("Try them on an object").FillAsync(path + "x");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).ClickAsync();
        await Expect(Page.GetByText("keys are case-sensitive")).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Attach" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task They_are_for_owners()
    {
        var company = await Platform.NewCompanyAsync();
        await using (var db = Platform.Database())
        {
            await db.Users.Where(u => u.Id == company.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.Member), Ct);
        }

        await SignInAsync(company, "/api-keys");

        await Expect(Page.GetByText("For owners")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "API keys" })).ToHaveCountAsync(0);
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "New key" })).ToHaveCountAsync(0);
    }
}
