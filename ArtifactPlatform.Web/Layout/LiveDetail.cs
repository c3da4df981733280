using ArtifactPlatform.Client;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace ArtifactPlatform.Web.Layout;

/// <summary>The page of one thing, live.</summary>
public abstract class LiveDetail<T>(PlatformSession session, EventFeed feed, ThingKind<T> kind, NotificationService notifications, TimeProvider clock)
    : LivePage<T>(session, feed, kind, clock)
    where T : class
{
    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>What prerendering loaded.</summary>
    [PersistentState]
    public T? Loaded { get; set; }

    protected T? Thing { get; private set; }

    /// <summary>There is none under this id.</summary>
    protected bool IsMissing { get; private set; }

    /// <summary>There was one, while this page showed it.</summary>
    protected bool IsDeleted { get; private set; }

    /// <summary>Something that the user asked for is under way.</summary>
    protected bool IsBusy { get; private set; }

    protected NotificationService Notifications { get; } = notifications;

    protected abstract Task<T> FetchAsync(PlatformClient client, string id);

    protected override async Task OnParametersSetAsync()
    {
        if (Thing is not null && Kind.IdOf(Thing) == Id)
        {
            return;
        }

        (Thing, IsMissing, IsDeleted) = (null, false, false);
        if (Loaded is { } loaded && Kind.IdOf(loaded) == Id)
        {
            (Thing, Loaded) = (loaded, null);
            return;
        }

        await LoadAsync();
    }

    protected async Task<bool> LoadAsync()
    {
        Now = Clock.GetUtcNow();
        var id = Id;
        if (!id.Any(char.IsAsciiDigit))
        {
            // Ids have digits; the words in their place are other routes of the Api.
            (Thing, IsMissing, Problem) = (null, true, null);
            return true;
        }

        try
        {
            Take(await Session.CallAsync(client => FetchAsync(client, id), Gone));
            Loaded = RendererInfo.IsInteractive ? null : Thing;
            Problem = null;
            return true;
        }
        catch (PlatformProblemException e) when (e.Kind == ProblemKind.NotFound)
        {
            (Thing, IsMissing, IsDeleted, Problem) = (null, true, Thing is not null, null);
            return true;
        }
        catch (PlatformProblemException e)
        {
            Problem = e.Message;
            return false;
        }
    }

    protected override async Task<bool> RefreshAsync() => IsMissing || await LoadAsync();

    protected override void Apply(Change<T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Id != Id)
        {
            return;
        }

        if (change.Thing is { } changed)
        {
            Take(changed);
        }
        else
        {
            (Thing, IsMissing, IsDeleted) = (null, true, true);
        }

        StateHasChanged();
    }

    /// <summary>An answer that an event has overtaken must not take the page back.</summary>
    protected void Take(T latest)
    {
        if (Kind.IdOf(latest) == Id && !IsDeleted && (Thing is null || Kind.UpdatedAtOf(latest) >= Kind.UpdatedAtOf(Thing)))
        {
            Thing = latest;
        }
    }

    /// <summary>Does what the user asked for; tells of it when it fails.</summary>
    protected async Task ActAsync(Func<PlatformClient, string, Task> action)
    {
        IsBusy = true;
        try
        {
            var id = Id;
            await Session.CallAsync(client => action(client, id), Gone);
        }
        catch (PlatformProblemException e)
        {
            Notifications.Notify(NotificationSeverity.Error, "That did not work", e.Message);
        }
        finally
        {
            IsBusy = false;
        }
    }
}
