using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Core.ApiKeys;

namespace ArtifactPlatform.Api.Users;

internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var users = api.MapGroup("/users").RequireAuthorization(Scopes.Admin).WithTags("Users");
        users.MapGet("", ListUsers.Handle).WithName("listUsers").WithSummary("List the people of the company").WithDescription("Newest first.");
        users.MapPatch("/{userId}", PatchUser.Handle).WithName("patchUser").WithSummary("Change a person's role or name")
            .WithDescription("In force from the next request on, for their sessions and for the API keys that they made: a key does no more than its maker may do. With the role of owner go the open invitations that they made. The last owner stays one.");
        users.MapDelete("/{userId}", DeleteUser.Handle).WithName("deleteUser").WithSummary("Remove a person")
            .WithDescription("Their sessions, the API keys that they made and the invitations that they made end in the same moment: they know those secrets. What they created stays. The last owner stays, too.");
        users.MapDelete("/{userId}/sessions", DeleteUserSessions.Handle).WithName("endSessionsOfUser").WithSummary("Sign a person out everywhere")
            .WithDescription("Ends all of their sessions; they can sign in again.");

        var me = api.MapGroup("/users/me").RequireAuthorization(Policies.Session).WithTags("Users");
        me.MapPatch("", PatchMe.Handle).WithName("patchMe").WithSummary("Change one's own name").WithDescription("For every role.");
        me.MapPut("/password", ChangePassword.Handle).WithName("changePassword").WithSummary("Change one's own password")
            .WithDescription("12 to 128 characters of any kind, and not one that is easily guessed. All sessions but this one end. A wrong current password counts like one at sign-in: after five in a row none is looked at for 15 minutes.");

        var invitations = api.MapGroup("/invitations").RequireAuthorization(Scopes.Admin).WithTags("Users");
        invitations.MapGet("", ListInvitations.Handle).WithName("listInvitations").WithSummary("List invitations")
            .WithDescription("Those that have been neither taken up nor revoked, newest first; ones that have run out stay for 30 days.");
        invitations.MapPost("", CreateInvitation.Handle).WithName("createInvitation").WithSummary("Invite a person")
            .WithDescription("`token` is in this answer only. Give it to the person: behind `#` on the dashboard's page `/join`, or to `POST /invitations/accept`. It is good for 7 days and for one person. An earlier invitation of the same address ends. Whether the address has an account with another company is not told.");
        invitations.MapDelete("/{invitationId}", RevokeInvitation.Handle).WithName("revokeInvitation").WithSummary("Revoke an invitation")
            .WithDescription("Its token can't be used from then on. Doing it again changes nothing.");

        var join = api.MapGroup("/invitations").AllowAnonymous().WithTags("Users");
        join.MapPost("/lookup", LookupInvitation.Handle).WithName("lookupInvitation").WithSummary("Look at an invitation")
            .WithDescription("What the invited person is shown before they join. The token is in the body, so that it stands in no log.")
            .WithMetadata(OwnedByBody.Secret("token"));
        join.MapPost("/accept", AcceptInvitation.Handle).WithName("acceptInvitation").WithSummary("Join by invitation")
            .WithDescription("Makes the account and signs in. The password: 12 to 128 characters of any kind, and not one that is easily guessed. Of several calls with one token one succeeds; when its answer was lost, the same call with the same idempotency key gets it again.")
            .WithMetadata(OwnedByBody.Secret("token"));
    }
}
