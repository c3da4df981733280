using System.Text.RegularExpressions;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Tests.Videos;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

public sealed partial class VideoTests(Platform platform, Browser browser) : DashboardTest(platform, browser)
{
    private ILocator VideoRows => Page.Locator("tr[data-video]");

    private ILocator Player => Page.Locator(".player");

    [Fact]
    public async Task A_video_appears_by_itself_and_becomes_ready()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company, "/videos");
        await Expect(Page.GetByText("No videos yet")).ToBeVisibleAsync();
        var reloaded = await WatchForReloadAsync();

        var video = await MakeAsync(company, "Live");

        await Expect(VideoRow(video.Id)).ToContainTextAsync("Live");
        await Expect(VideoRow(video.Id)).ToContainTextAsync("Ready", new() { Timeout = 3 * PatienceMs });
        await Expect(VideoRow(video.Id)).ToContainTextAsync("160×120");
        await Expect(VideoRow(video.Id)).ToContainTextAsync("0:04");
        await Page.WaitForFunctionAsync("() => document.querySelector('tr[data-video] img').naturalWidth > 0");
        await company.Client.DeleteVideoAsync(video.Id, Ct);
        await Expect(Page.GetByText("No videos yet")).ToBeVisibleAsync();
        Assert.False(await reloaded());
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task The_page_shows_how_far_each_rung_is()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await company.UploadVideoAsync(await TestMedia.Mp4Async(20, size: "640x480"));
        await SignInAsync(company, $"/videos/{video.Id}");
        var rungs = Page.Locator(".status-panel li[data-rung]");
        var reprocess = Page.GetByRole(AriaRole.Button, new() { Name = "Reprocess" });
        await Expect(reprocess).ToBeEnabledAsync(new() { Timeout = 3 * PatienceMs });
        var states = await WatchAsync("[...document.querySelectorAll('.status-panel li[data-rung]')].map(rung => `${rung.dataset.rung}: ${rung.querySelector('progress')?.value}`)");
        await reprocess.ClickAsync();

        // Nothing, then each rung from 0 on, then nothing.
        await Eventually.TrueAsync(
            async () => await states() is { Length: > 2 } all && all[^1].Length == 0,
            () => $"the encode to come and go; video {video.Id}\n{Platform.LogsAbout(video.Id)}",
            TimeSpan.FromMilliseconds(3 * PatienceMs));
        var shown = (await states()).Where(state => state.Length > 0).ToList();
        Assert.All(shown, state => Assert.Matches(@"^480: \d+,360: \d+,240: \d+$", state));
        Assert.Contains(shown, state => Regex.IsMatch(state, ": [1-9]"));
        await Expect(rungs).ToHaveCountAsync(0);
        await Expect(Page.Locator("tr[data-rung]")).ToHaveCountAsync(3);
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task A_video_is_made_from_an_artifacts_page()
    {
        var company = await Platform.NewCompanyAsync();
        var artifactId = await ArtifactAsync(company, "holiday.mp4");
        await SignInAsync(company, $"/artifacts/{artifactId}");
        var dialog = Page.GetByRole(AriaRole.Dialog);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Make video" }).ClickAsync();
        await Expect(dialog.GetByLabel("Title")).ToHaveValueAsync("holiday");
        await dialog.GetByLabel("Who may play it").SelectOptionAsync("Signed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create video" }).ClickAsync();

        await Expect(Page).ToHaveURLAsync(new Regex("/videos/vid_"));
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("holiday");
        await Expect(Page.GetByText("It plays with a signed token only")).ToBeVisibleAsync(new() { Timeout = 3 * PatienceMs });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add public" }).ClickAsync();
        await Expect(Player.Locator(".player-big")).ToBeVisibleAsync();
        var video = Assert.Single((await company.Client.ListVideosAsync(null, null, null, null, Ct)).Data);
        Assert.Equal([PlaybackPolicy.Signed, PlaybackPolicy.Public], video.PlaybackIds.Select(id => id.Policy));
    }

    [Fact]
    public async Task A_refused_address_is_told_in_the_dialog()
    {
        var company = await Platform.NewCompanyAsync();
        await SignInAsync(company, "/videos");
        var dialog = Page.GetByRole(AriaRole.Dialog);

        await Page.GetByRole(AriaRole.Button, new() { Name = "New video" }).First.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create video" }).ClickAsync();
        await Expect(dialog.GetByText("Enter the address of the file.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Address of the file").FillAsync("http://10.0.0.1/clip.mp4");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create video" }).ClickAsync();

        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("public address");
        Assert.Empty((await company.Client.ListVideosAsync(null, null, null, null, Ct)).Data);
    }

    [Fact]
    public async Task Search_and_filter_stand_in_the_address_and_outlive_a_reload()
    {
        var company = await Platform.NewCompanyAsync();
        var artifactId = await ArtifactAsync(company, "clip.mp4");
        var harbour = await company.Client.CreateVideoAsync(new() { ArtifactId = artifactId, Title = "Old harbour" }, Ct);
        await company.Client.CreateVideoAsync(new() { ArtifactId = artifactId, Title = "Forest", Tags = ["harbour master"] }, Ct);
        await company.Client.CreateVideoAsync(new() { ArtifactId = artifactId, Title = "Desert" }, Ct);
        await SignInAsync(company, "/videos");
        await Expect(VideoRows).ToHaveCountAsync(3);

        await Page.GetByLabel("Search videos").FillAsync("HARBOUR");
        await AddressEndsWithAsync("/videos?q=HARBOUR");
        await Expect(VideoRows).ToHaveCountAsync(2);
        await Page.GetByLabel("Status", new() { Exact = true }).SelectOptionAsync("Failed");
        await AddressEndsWithAsync("/videos?q=HARBOUR&status=errored");
        await Page.ReloadAsync();

        await Expect(Page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Search videos")).ToHaveValueAsync("HARBOUR");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(VideoRows).ToHaveCountAsync(3);
        await Expect(VideoRow(harbour.Id)).ToBeVisibleAsync();
        await AddressEndsWithAsync("/videos");
    }

    [Fact]
    public async Task A_long_list_comes_in_pages()
    {
        var company = await Platform.NewCompanyAsync();
        // Its file never comes: the videos wait, and cost no encoding.
        var upload = await company.Client.CreateUploadAsync(new() { Name = "later.mp4", Type = ArtifactType.Video }, Ct);
        for (var i = 0; i < 30; i++)
        {
            await company.Client.CreateVideoAsync(new() { ArtifactId = upload.ArtifactId, Title = $"Clip {i:00}" }, Ct);
        }

        await SignInAsync(company, "/videos");
        await Expect(VideoRows).ToHaveCountAsync(25);
        await Expect(VideoRows.First).ToContainTextAsync("Clip 29");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Load more" }).ClickAsync();

        await Expect(VideoRows).ToHaveCountAsync(30);
        await Expect(VideoRows.Last).ToContainTextAsync("Clip 00");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Load more" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Editing_keeps_title_description_and_tags()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await MakeAsync(company, "Draft");
        await SignInAsync(company, $"/videos/{video.Id}");
        var dialog = Page.GetByRole(AriaRole.Dialog);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await dialog.GetByLabel("Title").FillAsync("<b>مقابلة</b> & more");
        await dialog.GetByLabel("Description").FillAsync("Line one\nLine two");
        await dialog.GetByLabel("Tags").FillAsync("news, , 2026");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("<b>مقابلة</b> & more");
        await Expect(Page.Locator(".tags .tag")).ToHaveTextAsync(["news", "2026"]);
        var edited = await company.Client.GetVideoAsync(video.Id, Ct);
        Assert.Equal(("<b>مقابلة</b> & more", "Line one\nLine two"), (edited.Title, edited.Description));
        Assert.Equal(["news", "2026"], edited.Tags);
    }

    [Fact]
    public async Task A_dialog_takes_the_focus_at_once_and_gives_it_back()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await MakeAsync(company, "Draft");
        await SignInAsync(company, $"/videos/{video.Id}");
        var edit = Page.GetByRole(AriaRole.Button, new() { Name = "Edit" });
        // What had the focus in the very frame in which the dialog appeared.
        await Page.EvaluateAsync("""
            () => {
              const look = () => document.querySelector(".rz-dialog-content") ? window.focusedAtFirst = document.activeElement.id : requestAnimationFrame(look);
              look();
            }
            """);

        await edit.ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await Page.WaitForFunctionAsync("() => window.focusedAtFirst === 'title'");
        await Page.Keyboard.PressAsync("Escape");
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(edit).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Deleting_asks_first()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await MakeAsync(company, "Unwanted");
        await SignInAsync(company, $"/videos/{video.Id}");
        var dialog = Page.GetByRole(AriaRole.Dialog);
        var delete = Page.Locator(".page-actions").GetByRole(AriaRole.Button, new() { Name = "Delete" });

        await delete.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.NotNull(await company.Client.GetVideoAsync(video.Id, Ct));

        await delete.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await AddressEndsWithAsync("/videos");
        await Expect(Page.GetByText("No videos yet")).ToBeVisibleAsync();
        Assert.Empty((await company.Client.ListVideosAsync(null, null, null, null, Ct)).Data);
    }

    [Fact]
    public async Task The_embed_code_is_copied_and_names_the_playlist()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await ReadyAsync(company, "Embedded");
        await Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await SignInAsync(company, $"/videos/{video.Id}");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Copy the embed code" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        var code = await Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.Contains($"<video id=\"{video.Id}\"", code, StringComparison.Ordinal);
        Assert.Contains(video.Playback.Hls ?? "?", code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_told_in_plain_words()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await company.UploadVideoAsync(await TestMedia.BytesAsync("sign-in-page.mp4", "<!doctype html><title>Sign in</title>"u8.ToArray()));
        await SignInAsync(company, $"/videos/{video.Id}");

        await Expect(Page.GetByText("It did not work")).ToBeVisibleAsync(new() { Timeout = 3 * PatienceMs });
        await Expect(Page.GetByText("There is nothing to play.")).ToBeVisibleAsync();
        var failed = await company.Client.GetVideoAsync(video.Id, Ct);
        await Expect(Page.Locator(".error-code")).ToContainTextAsync(Assert.Single(failed.Errors).Type);
    }

    [Fact]
    public async Task Another_companys_videos_never_show()
    {
        var company = await Platform.NewCompanyAsync();
        var other = await Platform.NewCompanyAsync();
        var foreign = await MakeAsync(other, "Not yours");
        await SignInAsync(company, $"/videos/{foreign.Id}");

        await Expect(Page.GetByText("There is no such video")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "To the videos" }).ClickAsync();
        await Expect(Page.GetByText("No videos yet")).ToBeVisibleAsync();
    }

    private ILocator VideoRow(string id) => Page.Locator($"tr[data-video='{id}']");

    private async Task<string> ArtifactAsync(TestCompany company, string name, string size = "160x120")
    {
        var id = await DepositAsync(company, name, ArtifactType.Video, await File.ReadAllBytesAsync(await TestMedia.Mp4Async(seconds: 4, size: size), Ct));
        await company.CompletedAsync(id);
        return id;
    }

    private async Task<VideoObject> MakeAsync(TestCompany company, string title, string size = "160x120") =>
        await company.Client.CreateVideoAsync(new() { ArtifactId = await ArtifactAsync(company, "clip.mp4", size), Title = title }, Ct);

    private async Task<VideoObject> ReadyAsync(TestCompany company, string title, string size = "160x120") => await company.ReadyAsync((await MakeAsync(company, title, size)).Id);
}
