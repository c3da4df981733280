using System.Diagnostics;
using ArtifactPlatform.Client.Artifacts;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>A dashboard of its own on the shared platform, so that it can be killed without disturbing other tests.</summary>
public sealed class LostConnectionTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    [Fact]
    public async Task The_page_comes_back_by_itself_after_the_dashboard_was_killed()
    {
        var keys = Directory.CreateTempSubdirectory("dashboard-keys");
        var address = OwnDashboard.FreeAddress();
        var company = await Platform.NewCompanyAsync();
        var first = await company.Client.CreateUploadAsync(new() { Name = "First harbour.mp4", Type = ArtifactType.Video }, Ct);
        try
        {
            using (var server = await StartAsync(address, keys.FullName))
            {
                await Page.GotoAsync(new Uri(address, "/artifacts?search=harbour").ToString());
                await SubmitAsync(company.Email, company.Password);
                await Expect(Row(first.ArtifactId)).ToBeVisibleAsync();
                await Expect(Page.GetByLabel("Search artifacts by name")).ToBeEnabledAsync();
                server.Kill();
                await server.WaitForExitAsync(Ct);
            }

            await Expect(Page.GetByText("Reconnecting…")).ToBeVisibleAsync();
            using var again = await StartAsync(address, keys.FullName);
            try
            {
                await Expect(Page.GetByText("Reconnecting…")).ToBeHiddenAsync();
                await Expect(Page.GetByLabel("Search artifacts by name")).ToHaveValueAsync("harbour");
                await Expect(Page.GetByLabel("Search artifacts by name")).ToBeEnabledAsync();
                var second = await company.Client.CreateUploadAsync(new() { Name = "Second harbour.mp4", Type = ArtifactType.Video }, Ct);
                await Expect(Row(second.ArtifactId)).ToBeVisibleAsync();
            }
            finally
            {
                again.Kill();
                await again.WaitForExitAsync(CancellationToken.None);
            }
        }
        finally
        {
            keys.Delete(recursive: true);
        }
    }

    private Task<Process> StartAsync(Uri address, string keysPath) => OwnDashboard.StartAsync(address, Platform.ApiUrl, keysPath, [], Ct);
}
