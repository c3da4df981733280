using System.Text.RegularExpressions;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Tests.Videos;
using ArtifactPlatform.Tests.Videos.Encoding;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>What the player in a video's page does.</summary>
public sealed partial class VideoTests
{
    [Fact]
    public async Task The_page_plays_the_video_and_offers_its_rungs()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await ReadyAsync(company, "Plays", size: "640x480");
        Assert.True(video.Playback.Mp4.Count > 1);
        await SignInAsync(company, $"/videos/{video.Id}");

        await Player.Locator(".player-big").ClickAsync();

        await Page.WaitForFunctionAsync("() => document.querySelector('video').currentTime > 0.5");
        Assert.StartsWith("blob:", await EvaluateAsync<string>("v.src"), StringComparison.Ordinal);
        await Player.HoverAsync();
        await Player.GetByRole(AriaRole.Button, new() { NameRegex = new("^Quality") }).ClickAsync();
        string[] rungs = ["Auto", .. video.Playback.Mp4.Select(mp4 => mp4.Height).OrderDescending().Select(rung => $"{rung}p")];
        await Expect(Player.GetByRole(AriaRole.Menuitemradio)).ToHaveTextAsync(rungs);
        await Page.Keyboard.PressAsync("End");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Player.Locator(".player-quality")).ToHaveTextAsync(rungs[^1]);
        await Expect(Page.Locator("tr[data-rung]")).ToHaveCountAsync(video.Playback.Mp4.Count);
        Assert.Empty(Complaints);
    }

    [Theory]
    [InlineData(4)]
    // The sound outlasts the picture.
    [InlineData(5)]
    public async Task It_plays_to_the_end_and_shows_the_last_picture(int soundSeconds)
    {
        var company = await Platform.NewCompanyAsync();
        var media = await File.ReadAllBytesAsync(await VideoMedia.OutlastedAsync(4, soundSeconds), Ct);
        var artifact = await DepositAsync(company, "clip.mp4", ArtifactType.Video, media);
        await company.CompletedAsync(artifact);
        var video = await company.ReadyAsync((await company.Client.CreateVideoAsync(new() { ArtifactId = artifact, Title = "Ends" }, Ct)).Id);
        await SignInAsync(company, $"/videos/{video.Id}");

        await Player.Locator(".player-big").ClickAsync();

        await Page.WaitForFunctionAsync("() => document.querySelector('video').ended");
        await EvaluateAsync<double>("(v.currentTime = 1)");
        await Page.WaitForFunctionAsync("() => !document.querySelector('video').seeking");
        await EvaluateAsync<double>("(v.currentTime = v.duration - 0.1)");
        await Page.WaitForFunctionAsync("() => !document.querySelector('video').seeking && document.querySelector('video').readyState >= 2");
    }

    [Fact]
    public async Task New_renditions_take_over_without_losing_the_place()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await ReadyAsync(company, "Anew");
        await SignInAsync(company, $"/videos/{video.Id}");
        await Player.Locator(".player-big").ClickAsync();
        await Page.WaitForFunctionAsync("() => document.querySelector('video').currentTime > 1");
        await Player.Locator(".player-row").GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        // Near the end, where it is hardest.
        await EvaluateAsync<double>("(v.currentTime = 3.9)");
        var (source, time) = (await EvaluateAsync<string>("v.src"), await EvaluateAsync<double>("v.currentTime"));

        var badges = await WatchAsync("document.querySelector('.badge')?.textContent.trim()");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Reprocess" }).ClickAsync();

        await Page.WaitForFunctionAsync(
            "([source, time]) => { const v = document.querySelector('video'); return v.src !== source && v.readyState >= 2 && !v.seeking && Math.abs(v.currentTime - time) < 0.05; }",
            new object[] { source, time },
            new() { Timeout = 3 * PatienceMs });
        await Expect(Page.Locator(".badge")).ToHaveTextAsync("Ready");
        Assert.Contains("Reprocessing", await badges());
        Assert.True(await EvaluateAsync<bool>("v.paused"));
        Assert.Empty(Complaints);
    }

    [Fact]
    public async Task Without_hls_js_the_browser_plays_by_itself()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await ReadyAsync(company, "Plain");
        await Page.RouteAsync("**/js/hls.bundle*", route => route.AbortAsync());
        await SignInAsync(company, $"/videos/{video.Id}");

        await Player.Locator(".player-big").ClickAsync();

        await Page.WaitForFunctionAsync("() => document.querySelector('video').currentTime > 0.5");
        Assert.StartsWith(Platform.ApiUrl.ToString(), await EvaluateAsync<string>("v.src"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_at_the_page_is_no_view_and_playing_is_one()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await ReadyAsync(company, "Counted");
        await SignInAsync(company, $"/videos/{video.Id}");
        await Expect(Player.Locator(".player-big")).ToBeVisibleAsync();
        Assert.Equal(0, (await company.Client.GetVideoAsync(video.Id, Ct)).ViewCount);

        await Player.Locator(".player-big").ClickAsync();

        await Eventually.TrueAsync(async () => (await company.Client.GetVideoAsync(video.Id, Ct)).ViewCount == 1, () => "one view");
    }

    [Fact]
    public async Task The_seek_bar_previews_frames_and_the_keyboard_seeks()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await ReadyAsync(company, "Seek");
        await SignInAsync(company, $"/videos/{video.Id}");
        var range = Player.GetByRole(AriaRole.Slider, new() { Name = "Position" });

        await range.HoverAsync();

        await Expect(Player.Locator(".player-tile")).ToHaveCSSAsync("background-image", new Regex("storyboard"));
        await range.FocusAsync();
        await Page.Keyboard.PressAsync("End");
        await Expect(range).ToHaveAttributeAsync("aria-valuetext", "0:04 of 0:04");
        await Page.Keyboard.PressAsync("k");
        await Page.WaitForFunctionAsync("() => document.querySelector('video').currentTime > 3");
    }

    [Fact]
    public async Task Captions_are_added_shown_and_deleted()
    {
        var company = await Platform.NewCompanyAsync();
        var video = await ReadyAsync(company, "Captioned");
        await SignInAsync(company, $"/videos/{video.Id}");
        var dialog = Page.GetByRole(AriaRole.Dialog);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Add captions" }).ClickAsync();
        await dialog.GetByLabel("Language").FillAsync("en");
        await dialog.GetByLabel("Name").FillAsync("English");
        await dialog.GetByLabel("Or its text").FillAsync("1\n00:00:00,000 --> 00:00:04,000\nHello there\n");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add captions" }).ClickAsync();
        await Expect(Page.Locator("[data-caption]")).ToContainTextAsync("English");
        await Player.Locator(".player-big").ClickAsync();
        await Player.GetByRole(AriaRole.Button, new() { Name = "Captions" }).ClickAsync();
        await Player.GetByRole(AriaRole.Menuitemradio, new() { Name = "English" }).ClickAsync();
        await Expect(Player.Locator(".player-captions")).ToHaveTextAsync("Hello there");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete captions English" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(Page.Locator("[data-caption]")).ToHaveCountAsync(0);
        Assert.Empty(Complaints);
    }

    /// <param name="expression">Of <c>v</c>, the player's video element.</param>
    private Task<T> EvaluateAsync<T>(string expression) => Page.Locator("video").EvaluateAsync<T>($"v => {expression}");
}
