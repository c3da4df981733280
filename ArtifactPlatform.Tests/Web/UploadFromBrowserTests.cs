using ArtifactPlatform.Client.Artifacts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

public sealed class UploadFromBrowserTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    [Fact]
    public async Task A_file_goes_from_the_button_to_completed_without_passing_through_the_dashboard()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company);
        var puts = new List<string>();
        Page.Request += (_, request) =>
        {
            if (request.Method == "PUT")
            {
                puts.Add(new Uri(request.Url).Authority);
            }
        };

        await ChooseAsync(new FilePayload { Name = "Voice – über alles.wav", MimeType = "audio/wav", Buffer = Wav() });
        await Expect(Page.GetByLabel("Type of Voice – über alles.wav")).ToHaveValueAsync("Audio");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Upload file" }).ClickAsync();

        await Expect(Page.GetByText("1 file uploaded")).ToBeVisibleAsync();
        await Expect(Rows).ToHaveCountAsync(1);
        await Expect(Rows.First).ToContainTextAsync("Completed");
        var artifact = Assert.Single((await company.Client.ListArtifactsAsync(new(), Ct)).Data);
        Assert.Equal("Voice – über alles.wav", artifact.Name);
        Assert.Equal(Wav().Length, artifact.Size);
        Assert.DoesNotContain(Platform.WebUrl.Authority, Assert.Single(puts), StringComparison.Ordinal);
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task Types_are_guessed_and_can_be_changed_and_an_empty_file_is_refused()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company);

        await ChooseAsync(
            new FilePayload { Name = "lines.srt", MimeType = "", Buffer = "1\n00:00:00,000 --> 00:00:01,000\nHello\n"u8.ToArray() },
            new FilePayload { Name = "sound.bin", MimeType = "", Buffer = Wav() },
            new FilePayload { Name = "nothing.mp4", MimeType = "video/mp4", Buffer = [] });
        await Expect(Page.GetByLabel("Type of lines.srt")).ToHaveValueAsync("Script");
        await Expect(Page.GetByText("The file is empty.")).ToBeVisibleAsync();
        await Page.GetByLabel("Type of sound.bin").SelectOptionAsync("Audio");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Upload 2 files" }).ClickAsync();

        await Expect(Page.GetByText("2 files uploaded")).ToBeVisibleAsync();
        await Expect(Rows.Filter(new() { HasText = "Completed" })).ToHaveCountAsync(2);
        var types = (await company.Client.ListArtifactsAsync(new(), Ct)).Data.ToDictionary(a => a.Name, a => a.Type);
        Assert.Equal(ArtifactType.Script, types["lines.srt"]);
        Assert.Equal(ArtifactType.Audio, types["sound.bin"]);
    }

    [Fact]
    public async Task A_failed_upload_can_be_retried()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company);
        var refused = false;
        await Page.RouteAsync(url => new Uri(url).Authority != Platform.WebUrl.Authority, async route =>
        {
            if (route.Request.Method == "PUT" && !refused)
            {
                refused = true;
                await route.AbortAsync();
                return;
            }

            await route.ContinueAsync();
        });

        await ChooseAsync(new FilePayload { Name = "again.wav", MimeType = "audio/wav", Buffer = Wav() });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Upload file" }).ClickAsync();
        await Expect(Page.GetByText("The connection to the file store broke.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();

        await Expect(Page.GetByText("1 file uploaded")).ToBeVisibleAsync();
        await Expect(Rows).ToHaveCountAsync(1);
        await Expect(Rows.First).ToContainTextAsync("Completed");
    }

    [Fact]
    public async Task Files_dropped_on_the_page_open_the_dialog()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company);
        await Expect(Page.GetByLabel("Search artifacts by name")).ToBeEnabledAsync();

        // The page listens a moment after its controls come to life; a person's hand is slower.
        var entry = Page.GetByLabel("Type of dropped.srt");
        await Eventually.TrueAsync(
            async () =>
            {
                await Page.EvaluateAsync(
                    """
                    () => {
                      const data = new DataTransfer();
                      data.items.add(new File(["1\n00:00:00,000 --> 00:00:01,000\nHello\n"], "dropped.srt"));
                      document.querySelector("main").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
                    }
                    """);
                try
                {
                    await entry.WaitForAsync(new() { Timeout = 2_000 });
                    return true;
                }
                catch (TimeoutException)
                {
                    return false;
                }
            },
            () => "the dialog with the dropped file");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Upload file" }).ClickAsync();
        await Expect(Rows.First).ToContainTextAsync("Completed");
    }

    [Fact]
    public async Task From_a_url_name_and_type_are_suggested_and_a_refusal_is_told_in_the_dialog()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company);

        await Page.GetByRole(AriaRole.Button, new() { Name = "From URL" }).First.ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Address of the file").FillAsync("http://10.0.0.1/media/some%20song.mp3");
        await Expect(dialog.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("some song.mp3");
        await Expect(dialog.GetByLabel("Type")).ToHaveValueAsync("Audio");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create artifact" }).ClickAsync();

        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("public address");
        Assert.Empty((await company.Client.ListArtifactsAsync(new(), Ct)).Data);
    }

    private async Task ChooseAsync(params FilePayload[] files)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).First.ClickAsync();
        await Page.Locator("input[type=file]").SetInputFilesAsync(files);
    }
}
