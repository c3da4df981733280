using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Web.Layout;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace ArtifactPlatform.Web.Videos;

/// <summary>One video, live.</summary>
public sealed partial class VideoDetail(
    PlatformSession session, EventFeed feed, DialogService dialogs, NotificationService notifications, NavigationManager navigation, TimeProvider clock)
    : LiveDetail<VideoObject>(session, feed, VideoKind.Instance, notifications, clock)
{
    protected override Task<VideoObject> FetchAsync(PlatformClient client, string id) => client.GetVideoAsync(id, Gone);

    /// <summary>For the panels: does what the user asked for there, and shows what became of it.</summary>
    private async Task ChangeAsync(Func<PlatformClient, string, Task> change)
    {
        var acting = ActAsync(async (client, id) =>
        {
            await change(client, id);
            await LoadAsync();
        });
        StateHasChanged();
        await acting;
        StateHasChanged();
    }

    private async Task EditAsync()
    {
        if (Thing is { } present
            && await dialogs.OpenAsync<EditVideoDialog>("Edit video", new() { [nameof(EditVideoDialog.Video)] = present }, DialogLook.Wide) is VideoObject edited)
        {
            Take(edited);
        }
    }

    private Task ReprocessAsync() => ActAsync(async (client, id) =>
    {
        Take(await client.ReprocessVideoAsync(id, Gone));
        Notifications.Notify(NotificationSeverity.Success, "Reprocessing", "What is there plays on until the new renditions are done.");
    });

    private async Task DeleteAsync()
    {
        if (Thing is not { } present
            || await dialogs.OpenAsync<DeleteDialog>(
                "Delete this video?",
                new() { [nameof(DeleteDialog.Name)] = present.Title, [nameof(DeleteDialog.Consequence)] = "stops playing everywhere; its renditions, its captions, and the file that it was uploaded as, unless another video is made from that, will be removed for good." },
                DialogLook.Narrow) is not true)
        {
            return;
        }

        await ActAsync(async (client, id) =>
        {
            await client.DeleteVideoAsync(id, Gone);
            Notifications.Notify(NotificationSeverity.Success, "Video deleted", present.Title);
            navigation.NavigateTo("videos");
        });
    }
}
