using ArtifactPlatform.Client;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Components;

namespace ArtifactPlatform.Web.Layout;

/// <summary>A list of the company's things, live, with its filter in the page's address.</summary>
public abstract class LiveList<T, TFilter>(PlatformSession session, EventFeed feed, ThingKind<T> kind, TimeProvider clock) : LivePage<T>(session, feed, kind, clock)
    where T : class
    where TFilter : class, IListFilter<T>
{
    protected const int PageSize = 25;

    /// <summary>Redraws at most this often, however fast changes come.</summary>
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(100);

    private bool drawPending;

    /// <summary>What prerendering loaded, so that the page doesn't load it again a moment later.</summary>
    [PersistentState]
    public RowPage<T>? Loaded { get; set; }

    /// <summary>As the address says.</summary>
    protected abstract TFilter Filter { get; }

    /// <summary>What is on screen.</summary>
    protected LiveRows<T, TFilter>? Rows { get; private set; }

    /// <summary>What will be, when another filter was chosen and the answer is not here yet.</summary>
    protected LiveRows<T, TFilter>? Next { get; private set; }

    protected bool IsLoadingMore { get; private set; }

    /// <param name="after">The rows to go on behind; null = the first page.</param>
    protected abstract Task<RowPage<T>> FetchAsync(PlatformClient client, TFilter filter, LiveRows<T, TFilter>? after);

    /// <summary>Without what rows don't show: the state travels to the browser and back.</summary>
    protected abstract T Slim(T thing);

    protected override async Task OnParametersSetAsync()
    {
        if (Loaded is { } loaded && Rows is null)
        {
            Rows = new(Kind, Filter);
            Rows.Append(loaded);
        }
        else if (!Filter.Equals((Next ?? Rows)?.Filter))
        {
            await LoadAsync();
        }
    }

    protected async Task LoadAsync()
    {
        var loading = Next = new(Kind, Filter);
        try
        {
            var page = await Session.CallAsync(client => FetchAsync(client, loading.Filter, after: null), Gone);
            if (loading != Next)
            {
                return;
            }

            loading.Append(page);
            (Rows, Next, Problem) = (loading, null, null);
            Now = Clock.GetUtcNow();
            Loaded = RendererInfo.IsInteractive ? null : page with { Data = [.. page.Data.Select(Slim)] };
        }
        catch (PlatformProblemException e) when (loading == Next)
        {
            (Rows, Next, Problem) = (new(Kind, loading.Filter), null, e.Message);
        }
        catch (PlatformProblemException)
        {
            // Another filter is being loaded by now.
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The page is gone.
        }
    }

    protected async Task LoadMoreAsync()
    {
        if (Rows is not { } shown)
        {
            return;
        }

        IsLoadingMore = true;
        try
        {
            shown.Asking();
            shown.Append(await Session.CallAsync(client => FetchAsync(client, shown.Filter, shown), Gone));
        }
        catch (PlatformProblemException e)
        {
            Problem = e.Message;
        }
        finally
        {
            IsLoadingMore = false;
        }
    }

    protected override void Apply(Change<T> change)
    {
        Next?.Apply(change);
        if (Rows?.Apply(change) == true && !drawPending)
        {
            drawPending = true;
            _ = DrawSoonAsync();
        }
    }

    protected override async Task<bool> RefreshAsync()
    {
        if (Next is not null || Rows is not { } shown)
        {
            return true;
        }

        try
        {
            shown.Asking();
            shown.Refresh(await Session.CallAsync(client => FetchAsync(client, shown.Filter, after: null), Gone));
            Problem = null;
            return true;
        }
        catch (PlatformProblemException e)
        {
            Problem = e.Message;
            return false;
        }
    }

    private async Task DrawSoonAsync()
    {
        await Task.Delay(DrawInterval, Clock, Gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        drawPending = false;
        if (!Gone.IsCancellationRequested)
        {
            StateHasChanged();
        }
    }
}
