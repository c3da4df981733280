using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Components;

namespace ArtifactPlatform.Web.Layout;

/// <summary>A page that follows things of one kind by itself: by events, and by asking again now and then.</summary>
public abstract class LivePage<T>(PlatformSession session, EventFeed feed, ThingKind<T> kind, TimeProvider clock) : ComponentBase, IDisposable
    where T : class
{
    /// <summary>"2 min ago" goes on, and what is shown is compared with the platform's: events alone can't tell of what was missed before they began.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(20);

    /// <summary>The first comparison: the page was drawn before the event stream was open.</summary>
    private static readonly TimeSpan FirstRefresh = TimeSpan.FromSeconds(1);

    /// <summary>While the platform is away.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource gone = new();
    private IDisposable? subscription;

    protected PlatformSession Session { get; } = session;

    protected ThingKind<T> Kind { get; } = kind;

    protected TimeProvider Clock { get; } = clock;

    /// <summary>Cancelled when the user leaves the page.</summary>
    protected CancellationToken Gone => gone.Token;

    /// <summary>What "2 min ago" counts from.</summary>
    protected DateTimeOffset Now { get; set; }

    /// <summary>Whether to offer changes.</summary>
    protected bool MayChange { get; private set; }

    /// <summary>Why the last question got no answer; null when it did.</summary>
    protected string? Problem { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Now = Clock.GetUtcNow();
        MayChange = await Session.MayChangeAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            subscription = feed.Subscribe(Kind, change => _ = InvokeAsync(() => Apply(change)));
            _ = KeepFreshAsync();
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        subscription?.Dispose();
        gone.Cancel();
    }

    /// <summary>An event came; runs on the renderer's thread.</summary>
    protected abstract void Apply(Change<T> change);

    /// <summary>Asks the platform again.</summary>
    /// <returns>Whether it answered.</returns>
    protected abstract Task<bool> RefreshAsync();

    private async Task KeepFreshAsync()
    {
        var wait = FirstRefresh;
        try
        {
            while (!Session.HasEnded)
            {
                await Task.Delay(wait, Clock, Gone);
                Now = Clock.GetUtcNow();
                wait = await RefreshAsync() ? RefreshInterval : RetryInterval;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
    }
}
