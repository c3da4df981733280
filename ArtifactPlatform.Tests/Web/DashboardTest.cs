using ArtifactPlatform.Tests.Ingest;
using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ArtifactPlatform.Client.Artifacts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ArtifactPlatform.Tests.Web;

/// <summary>A test that looks at the dashboard through a browser. What a failed one saw is kept in <c>TestResults</c>.</summary>
public abstract class DashboardTest(Platform platform, Browser browser) : IClassFixture<StartedPlatform>, IAsyncLifetime
{
    /// <summary>Two cores run the platform, Chromium and other tests at once.</summary>
    protected const float PatienceMs = 60_000;

    private static readonly HttpClient Store = new();

    private readonly ConcurrentQueue<string> console = new();
    private IBrowserContext? context;

    protected Platform Platform { get; } = platform;

    protected IPage Page { get; private set; } = null!;

    protected CancellationToken Ct { get; } = TestContext.Current.CancellationToken;

    /// <summary>What the browser complained about, without answers that a test provokes.</summary>
    protected IEnumerable<string> Complaints => console.Where(line => line.StartsWith("error", StringComparison.Ordinal) && !line.Contains("Failed to load resource", StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        context = await browser.NewContextAsync(new() { BaseURL = Platform.WebUrl.ToString(), ViewportSize = new() { Width = 1280, Height = 800 } });
        context.SetDefaultTimeout(PatienceMs);
        SetDefaultExpectTimeout(PatienceMs);
        Page = await context.NewPageAsync();
        Page.Console += (_, message) => console.Enqueue($"{message.Type}: {message.Text}");
        Page.PageError += (_, error) => console.Enqueue($"error: {error}");
    }

    public async ValueTask DisposeAsync()
    {
        if (context is null)
        {
            return;
        }

        // Only a failed test needs its page, its picture and its console to be explained.
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            await KeepAsync(TestContext.Current.Test?.TestDisplayName ?? "test");
        }

        await context.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens <paramref name="path"/>, signs in on the way, and waits until the page is there again and live.</summary>
    protected async Task SignInAsync(TestCompany company, string path = "/artifacts")
    {
        await Page.GotoAsync(path);
        await SubmitAsync(company.Email, company.Password);
        await AddressEndsWithAsync(path);
        // Until then a clicked link loads its page anew, which a test may take for a fault.
        await Expect(Page.Locator("header .live:enabled")).ToHaveCountAsync(1);
    }

    /// <summary>Asks again and again: WaitForURL waits for an event, and can miss that of an address changed by script.</summary>
    protected Task AddressEndsWithAsync(string end) => Expect(Page).ToHaveURLAsync(new Regex(Regex.Escape(end) + "$"));

    protected async Task SubmitAsync(string email, string password)
    {
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>The row of an artifact in the list.</summary>
    protected ILocator Row(string artifactId) => Page.Locator($"tr[data-artifact='{artifactId}']");

    protected ILocator Rows => Page.Locator("tr[data-artifact]");

    /// <summary>Says whether the page was loaded anew since: a mark on it is gone then.</summary>
    protected async Task<Func<Task<bool>>> WatchForReloadAsync()
    {
        await Page.EvaluateAsync("() => { window.notReloaded = true; }");
        return async () => !await Page.EvaluateAsync<bool>("() => window.notReloaded === true");
    }

    /// <summary>Notes every value that a JavaScript expression has on the page from now on, however briefly; a look now and then would miss some.</summary>
    /// <returns>Reads the values so far, oldest first.</returns>
    protected async Task<Func<Task<string[]>>> WatchAsync(string expression)
    {
        await Page.EvaluateAsync(
            $$"""
            () => {
                const seen = window.seenValues = [];
                const look = () => {
                    const value = String({{expression}});
                    if (value !== seen.at(-1)) { seen.push(value); }
                };
                look();
                new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
            }
            """);
        return async () => await Page.EvaluateAsync<string[]>("() => window.seenValues");
    }

    /// <summary>Creates an artifact and uploads its file, as an integrator would.</summary>
    protected async Task<string> DepositAsync(TestCompany company, string name, ArtifactType type, byte[] content)
    {
        var upload = await company.Client.CreateUploadAsync(new() { Name = name, Type = type }, Ct);
        await PutAsync(upload, content);
        return upload.ArtifactId;
    }

    protected async Task PutAsync(PresignedUpload upload, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await Store.PutAsync(upload.PresignedUploadUrl, body, Ct);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>A second of noise.</summary>
    protected static byte[] Wav() => WavFile.Of(WavFile.HeaderBytes + 192_000);

    private async Task KeepAsync(string test)
    {
        var name = string.Concat(test.Split('.')[^1].Where(c => char.IsLetterOrDigit(c) || c == '_'));
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "browser")).FullName;
        await File.WriteAllLinesAsync(Path.Combine(folder, $"{name}.log"), console.Prepend(Page.Url), CancellationToken.None);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
