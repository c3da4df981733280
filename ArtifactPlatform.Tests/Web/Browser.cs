using ArtifactPlatform.Tests.Web;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser))]

namespace ArtifactPlatform.Tests.Web;

/// <summary>One Chromium for all browser tests; each test gets a context, and with it cookies and storage, of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string ExecutablePath = "/usr/bin/chromium";

    private readonly SemaphoreSlim starting = new(1);
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Starts with the first browser test: runs without one need no Chromium.</summary>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options)
    {
        await starting.WaitAsync();
        try
        {
            playwright ??= await Playwright.CreateAsync();
            browser ??= await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = ExecutablePath,
                // No sandbox under root, and nothing that Chromium asks of the internet by itself.
                Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            });
        }
        finally
        {
            starting.Release();
        }

        return await browser.NewContextAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        starting.Dispose();
    }
}
