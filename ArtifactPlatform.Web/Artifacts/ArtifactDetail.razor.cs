using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Web.Layout;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace ArtifactPlatform.Web.Artifacts;

/// <summary>One artifact, live.</summary>
public sealed partial class ArtifactDetail(
    PlatformSession session, EventFeed feed, DialogService dialogs, NotificationService notifications, NavigationManager navigation, TimeProvider clock)
    : LiveDetail<ArtifactObject>(session, feed, ArtifactKind.Instance, notifications, clock)
{
    protected override Task<ArtifactObject> FetchAsync(PlatformClient client, string id) => client.GetArtifactAsync(id, Gone);

    private Task RetryAsync() => ActAsync(async (client, id) => Take(await client.RetryArtifactAsync(id, Gone)));

    private async Task RenameAsync()
    {
        if (Thing is { } present
            && await dialogs.OpenAsync<RenameDialog>("Rename", new() { [nameof(RenameDialog.Artifact)] = present }, DialogLook.Narrow) is ArtifactObject renamed)
        {
            Take(renamed);
        }
    }

    private async Task DeleteAsync()
    {
        int? keptDays = null;
        await ActAsync(async (client, _) => keptDays = (await client.GetRetentionAsync(Gone)).DeletedArtifactsDays);
        if (keptDays is not { } days || Thing is not { } present || !await ConfirmDeleteAsync(present, present.Status == ArtifactStatus.UploadCompleted ? days : 0))
        {
            return;
        }

        await ActAsync(async (client, id) =>
        {
            await client.DeleteArtifactAsync(id, Gone);
            Notifications.Notify(NotificationSeverity.Success, "Artifact deleted", present.Name);
            navigation.NavigateTo("artifacts");
        });
    }

    /// <param name="keptDays">How long it can be restored.</param>
    private async Task<bool> ConfirmDeleteAsync(ArtifactObject artifact, int keptDays) => await dialogs.OpenAsync<DeleteDialog>(
        "Delete this artifact?",
        new()
        {
            [nameof(DeleteDialog.Name)] = artifact.Name,
            [nameof(DeleteDialog.Consequence)] = keptDays == 0
                ? "and its stored file will be removed for good."
                : $"goes at once; for {(keptDays == 1 ? "a day" : $"{keptDays} days")} owners can restore it, under Settings.",
            [nameof(DeleteDialog.IsFinal)] = keptDays == 0,
        },
        DialogLook.Narrow) is true;
}
