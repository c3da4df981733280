using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Web.Layout;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace ArtifactPlatform.Web.Artifacts;

/// <summary>One artifact, live.</summary>
public sealed partial class ArtifactDetail(
    PlatformSession session, ArtifactFeed feed, DialogService dialogs, NotificationService notifications, NavigationManager navigation, TimeProvider clock) : IDisposable
{
    /// <summary>As in the list: what was missed before the event stream was open, and "2 min ago".</summary>
    private static readonly TimeSpan FirstRefresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource gone = new();
    private ArtifactObject? artifact;
    private IDisposable? subscription;
    private string? problem;
    private bool missing;
    private bool deleted;
    private bool mayChange;
    private bool busy;
    private DateTimeOffset now;

    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>What prerendering loaded.</summary>
    [PersistentState]
    public ArtifactObject? Loaded { get; set; }

    protected override async Task OnInitializedAsync()
    {
        now = clock.GetUtcNow();
        mayChange = await session.MayChangeAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (artifact?.Id == Id)
        {
            return;
        }

        (artifact, missing, deleted) = (null, false, false);
        if (Loaded?.Id == Id)
        {
            (artifact, Loaded) = (Loaded, null);
            return;
        }

        await LoadAsync();
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

    private async Task<bool> LoadAsync()
    {
        now = clock.GetUtcNow();
        var id = Id;
        try
        {
            Take(await session.CallAsync(client => client.GetArtifactAsync(id, gone.Token), gone.Token));
            Loaded = RendererInfo.IsInteractive ? null : artifact;
            problem = null;
            return true;
        }
        catch (PlatformProblemException e) when (e.Kind == ProblemKind.NotFound)
        {
            (artifact, missing, deleted, problem) = (null, true, artifact is not null, null);
            return true;
        }
        catch (PlatformProblemException e)
        {
            problem = e.Message;
            return false;
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
                wait = missing || await LoadAsync() ? RefreshInterval : RetryInterval;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
    }

    private void Apply(ArtifactChange change)
    {
        if (change.Id != Id)
        {
            return;
        }

        if (change.Artifact is { } changed)
        {
            Take(changed);
        }
        else
        {
            (artifact, missing, deleted) = (null, true, true);
        }

        StateHasChanged();
    }

    /// <summary>An answer that an event has overtaken must not take the page back.</summary>
    private void Take(ArtifactObject latest)
    {
        if (latest.Id == Id && !deleted && (artifact is null || latest.UpdatedAt >= artifact.UpdatedAt))
        {
            artifact = latest;
        }
    }

    private Task RetryAsync() => ActAsync(async id => Take(await session.CallAsync(client => client.RetryArtifactAsync(id, gone.Token), gone.Token)));

    private async Task RenameAsync()
    {
        if (artifact is { } present
            && await dialogs.OpenAsync<RenameDialog>("Rename", new() { [nameof(RenameDialog.Artifact)] = present }, DialogLook.Narrow) is ArtifactObject renamed)
        {
            Take(renamed);
        }
    }

    private async Task DeleteAsync()
    {
        if (artifact is not { } present
            || await dialogs.OpenAsync<DeleteDialog>("Delete this artifact?", new() { [nameof(DeleteDialog.Name)] = present.Name }, DialogLook.Narrow) is not true)
        {
            return;
        }

        await ActAsync(async id =>
        {
            await session.CallAsync(client => client.DeleteArtifactAsync(id, gone.Token), gone.Token);
            notifications.Notify(NotificationSeverity.Success, "Artifact deleted", present.Name);
            navigation.NavigateTo("artifacts");
        });
    }

    private async Task ActAsync(Func<string, Task> action)
    {
        busy = true;
        try
        {
            await action(Id);
        }
        catch (PlatformProblemException e)
        {
            notifications.Notify(NotificationSeverity.Error, "That did not work", e.Message);
        }
        finally
        {
            busy = false;
        }
    }
}
