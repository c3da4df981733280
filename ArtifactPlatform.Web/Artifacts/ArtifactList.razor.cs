using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Components;

namespace ArtifactPlatform.Web.Artifacts;

/// <summary>All artifacts of the company, live.</summary>
public sealed partial class ArtifactList(PlatformSession session, ArtifactFeed feed, NavigationManager navigation, TimeProvider clock) : IDisposable
{
    private const int PageSize = 25;

    /// <summary>Redraws at most this often, however fast changes come.</summary>
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>"2 min ago" goes on, and the rows are compared with the platform's: events alone can't tell of what was missed before they began.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(20);

    /// <summary>The first comparison: the page was drawn before the event stream was open.</summary>
    private static readonly TimeSpan FirstRefresh = TimeSpan.FromSeconds(1);

    /// <summary>While the platform is away.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource gone = new();
    private ArtifactRows? rows;
    private ArtifactRows? next;
    private IDisposable? subscription;
    private string? problem;
    private bool mayChange;
    private bool loadingMore;
    private bool drawPending;
    private DateTimeOffset now;

    /// <summary>What prerendering loaded, so that the page doesn't load it again a moment later.</summary>
    [PersistentState]
    public Page<ArtifactObject>? Loaded { get; set; }

    [SupplyParameterFromQuery]
    private string? Type { get; set; }

    [SupplyParameterFromQuery]
    private string? Status { get; set; }

    [SupplyParameterFromQuery]
    private string? Search { get; set; }

    private ArtifactFilter Filter => ArtifactFilter.Parse(Type, Status, Search);

    protected override async Task OnInitializedAsync()
    {
        now = clock.GetUtcNow();
        mayChange = await session.MayChangeAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Loaded is { } loaded && rows is null)
        {
            rows = new ArtifactRows(Filter);
            rows.Append(loaded);
        }
        else if ((next ?? rows)?.Filter != Filter)
        {
            await LoadAsync();
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            subscription = feed.Subscribe(change => _ = InvokeAsync(() => Apply(change)));
            _ = KeepFreshAsync();
        }
    }

    public void Dispose()
    {
        subscription?.Dispose();
        gone.Cancel();
    }

    private void Show(ArtifactFilter filter) => navigation.NavigateTo(filter.ToAddress(navigation), replace: true);

    private Task RetryAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        var loading = next = new ArtifactRows(Filter);
        try
        {
            var page = await session.CallAsync(client => client.ListArtifactsAsync(loading.Filter.ToQuery(PageSize, null), gone.Token), gone.Token);
            if (loading != next)
            {
                return;
            }

            loading.Append(page);
            (rows, next, problem) = (loading, null, null);
            now = clock.GetUtcNow();
            Loaded = RendererInfo.IsInteractive ? null : Slim(page);
        }
        catch (PlatformProblemException e) when (loading == next)
        {
            (rows, next, problem) = (new ArtifactRows(loading.Filter), null, e.Message);
        }
        catch (PlatformProblemException)
        {
            // Another filter is being loaded by now.
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The page is gone.
        }
    }

    /// <summary>Rows show none of the rest, and the state travels to the browser and back.</summary>
    private static Page<ArtifactObject> Slim(Page<ArtifactObject> page) =>
        page with { Data = [.. page.Data.Select(artifact => artifact with { Media = null, Fragments = null, Metadata = null })] };

    private async Task LoadMoreAsync()
    {
        if (rows is not { } shown)
        {
            return;
        }

        loadingMore = true;
        try
        {
            shown.Asking();
            shown.Append(await session.CallAsync(client => client.ListArtifactsAsync(shown.Filter.ToQuery(PageSize, shown.LastId), gone.Token), gone.Token));
        }
        catch (PlatformProblemException e)
        {
            problem = e.Message;
        }
        finally
        {
            loadingMore = false;
        }
    }

    private void Apply(ArtifactChange change)
    {
        next?.Apply(change);
        if (rows?.Apply(change) == true && !drawPending)
        {
            drawPending = true;
            _ = DrawSoonAsync();
        }
    }

    private async Task DrawSoonAsync()
    {
        await Task.Delay(DrawInterval, clock, gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        drawPending = false;
        if (!gone.IsCancellationRequested)
        {
            StateHasChanged();
        }
    }

    private async Task KeepFreshAsync()
    {
        var wait = FirstRefresh;
        try
        {
            while (!session.HasEnded)
            {
                await Task.Delay(wait, clock, gone.Token);
                wait = await RefreshAsync() ? RefreshInterval : RetryInterval;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
    }

    private async Task<bool> RefreshAsync()
    {
        now = clock.GetUtcNow();
        if (next is not null || rows is not { } shown)
        {
            return true;
        }

        try
        {
            shown.Asking();
            shown.Refresh(await session.CallAsync(client => client.ListArtifactsAsync(shown.Filter.ToQuery(PageSize, null), gone.Token), gone.Token));
            problem = null;
            return true;
        }
        catch (PlatformProblemException e)
        {
            problem = e.Message;
            return false;
        }
    }
}
