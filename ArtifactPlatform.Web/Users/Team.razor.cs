using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Web.Layout;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace ArtifactPlatform.Web.Users;

/// <summary>Who belongs to the company, and who is invited.</summary>
public sealed partial class Team
{
    private const int PageSize = 50;

    private DateTimeOffset now;
    private string self = "";
    private bool mayManage;
    private bool busy;
    private string? problem;

    /// <summary>What prerendering loaded.</summary>
    [PersistentState]
    public Page<UserObject>? People { get; set; }

    /// <summary>Likewise.</summary>
    [PersistentState]
    public Page<InvitationObject>? Invitations { get; set; }

    protected override async Task OnInitializedAsync()
    {
        now = Clock.GetUtcNow();
        (mayManage, self) = (await Session.MayManageAsync(), (await Session.GetUserAsync()).Id);
        if (mayManage && (People is null || Invitations is null))
        {
            await LoadAsync();
        }
    }

    private Task LoadAsync() => ActAsync(_ => Task.CompletedTask);

    private Task MorePeopleAsync() => ActAsync(
        async client => People = await client.ListUsersAsync(PageSize, People?.NextCursor, CancellationToken.None) is var more ? more with { Data = [.. People?.Data ?? [], .. more.Data] } : null,
        reload: false);

    private Task MoreInvitationsAsync() => ActAsync(
        async client => Invitations = await client.ListInvitationsAsync(PageSize, Invitations?.NextCursor, CancellationToken.None) is var more ? more with { Data = [.. Invitations?.Data ?? [], .. more.Data] } : null,
        reload: false);

    private async Task ChangeRoleAsync(UserObject person, string role)
    {
        if (person.Id == self && !await ConfirmAsync("Give up being an owner?", person.Name, "can't manage this company any more, unless another owner changes that.", "Give up", "alert"))
        {
            // Drawn anew, so that the list shows the role that holds.
            await LoadAsync();
            return;
        }

        await ActAsync(client => client.PatchUserAsync(person.Id, new() { Role = role }, CancellationToken.None));
        await LeaveIfSelfAsync(person);
    }

    private async Task SignOutAsync(UserObject person)
    {
        if (await ConfirmAsync("Sign this person out everywhere?", person.Name, "has to sign in again on every device.", "Sign out", "sign-out"))
        {
            await ActAsync(client => client.EndSessionsOfUserAsync(person.Id, CancellationToken.None));
        }
    }

    private async Task RemoveAsync(UserObject person)
    {
        var keys = person.LiveApiKeys == 0 ? "" : $" {Words.Plural(person.LiveApiKeys, "API key")} of theirs will be revoked: whatever uses one stops.";
        if (await ConfirmAsync("Remove from the team?", person.Name, $"is signed out and can't come back without an invitation. What they made stays.{keys}", "Remove"))
        {
            await ActAsync(client => client.RemoveUserAsync(person.Id, CancellationToken.None));
            await LeaveIfSelfAsync(person);
        }
    }

    private async Task LeaveIfSelfAsync(UserObject person)
    {
        if (person.Id == self && problem is null)
        {
            await Session.ReloadAsync();
        }
    }

    private Task RenewAsync(InvitationObject invitation) =>
        InviteAsync(new() { Email = invitation.Email, Name = invitation.Name, Role = invitation.Role });

    /// <param name="again">An invitation to make anew; null = one to be filled in.</param>
    private async Task InviteAsync(CreateInvitationRequest? again)
    {
        CreatedInvitation? made = null;
        if (again is null)
        {
            made = await Dialogs.OpenAsync<InviteDialog>("Invite someone", options: DialogLook.Narrow) as CreatedInvitation;
            await LoadAsync();
        }
        else
        {
            await ActAsync(async client => made = await client.CreateInvitationAsync(again, CancellationToken.None));
        }

        if (made is not null)
        {
            await Dialogs.OpenAsync<ShowInvitationDialog>(
                "Your invitation",
                new() { [nameof(ShowInvitationDialog.Email)] = made.Email, [nameof(ShowInvitationDialog.Link)] = Navigation.ToAbsoluteUri($"join#{made.Token}").ToString() },
                DialogLook.Narrow);
        }
    }

    private async Task RevokeAsync(InvitationObject invitation)
    {
        if (await ConfirmAsync("Revoke this invitation?", invitation.Email, "can't join with its link any more.", "Revoke", isFinal: true))
        {
            await ActAsync(client => client.RevokeInvitationAsync(invitation.Id, CancellationToken.None));
        }
    }

    private async Task<bool> ConfirmAsync(string title, string name, string consequence, string verb, string icon = "trash", bool isFinal = false) => await Dialogs.OpenAsync<DeleteDialog>(
        title,
        new() { [nameof(DeleteDialog.Name)] = name, [nameof(DeleteDialog.Consequence)] = consequence, [nameof(DeleteDialog.Verb)] = verb, [nameof(DeleteDialog.Icon)] = icon, [nameof(DeleteDialog.IsFinal)] = isFinal },
        DialogLook.Narrow) is true;

    private async Task ActAsync(Func<PlatformClient, Task> act, bool reload = true)
    {
        (busy, problem) = (true, null);
        try
        {
            await Session.CallAsync(act, CancellationToken.None);
        }
        catch (PlatformProblemException e)
        {
            problem = e.Message;
        }

        try
        {
            if (reload)
            {
                await Session.CallAsync(ReadAsync, CancellationToken.None);
            }
        }
        catch (PlatformProblemException e)
        {
            problem ??= e.Message;
        }
        finally
        {
            busy = false;
        }
    }

    private async Task ReadAsync(PlatformClient client)
    {
        (People, Invitations) = (await client.ListUsersAsync(PageSize, null, CancellationToken.None), await client.ListInvitationsAsync(PageSize, null, CancellationToken.None));
        now = Clock.GetUtcNow();
    }
}
